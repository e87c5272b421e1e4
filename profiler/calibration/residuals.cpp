#include "profiler/calibration/residuals.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "compiler/base/check.h"

namespace keel::calibration {
namespace {

using simulator::TimingClass;

template <class Condition>
std::vector<Residual> chosen(const std::vector<Residual>& residuals, const Condition& condition) {
  std::vector<Residual> result;
  std::ranges::copy_if(residuals, std::back_inserter(result), condition);
  return result;
}

// Those of a class, or all where it has too few.
std::vector<Residual> pool_of(const std::vector<Residual>& residuals, TimingClass timing_class) {
  std::vector<Residual> pool =
      chosen(residuals, [&](const Residual& one) { return one.timing_class == timing_class; });
  return pool.size() < kFewestCases ? residuals : pool;
}

std::vector<double> values(const std::vector<Residual>& residuals, double Residual::*field) {
  std::vector<double> result;
  for (const Residual& one : residuals) result.push_back(one.*field);
  return result;
}

// One-way analysis of variance, groups as they are.
double share_between_groups(const std::vector<Residual>& residuals) {
  std::map<std::string, std::vector<double>> groups;
  double mean = 0;
  for (const Residual& one : residuals) {
    groups[one.group].push_back(one.by_group);
    mean += one.by_group / static_cast<double>(residuals.size());
  }
  double between = 0;
  double total = 0;
  for (const auto& [name, members] : groups) {
    double of_group = 0;
    for (const double value : members) of_group += value / static_cast<double>(members.size());
    between += static_cast<double>(members.size()) * (of_group - mean) * (of_group - mean);
    for (const double value : members) total += (value - mean) * (value - mean);
  }
  return total == 0 ? 0 : between / total;
}

bool inside(double value, const std::array<double, 2>& bounds) {
  return bounds[0] <= value && value <= bounds[1];
}

template <class Condition>
Coverage count(const std::vector<Residual>& residuals, const Condition& condition) {
  Coverage coverage;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const Residual& one = residuals[i];
    if (!condition(one)) continue;
    std::vector<Residual> others = residuals;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const auto by_case = quantiles(values(pool_of(others, one.timing_class), &Residual::by_case));
    others = chosen(residuals, [&](const Residual& other) { return other.group != one.group; });
    const auto by_group = quantiles(values(pool_of(others, one.timing_class), &Residual::by_group));
    ++coverage.cases;
    coverage.by_case += inside(one.by_case, by_case);
    coverage.by_group += inside(one.by_group, by_group);
  }
  const double cases = static_cast<double>(std::max<std::size_t>(1, coverage.cases));
  coverage.by_case /= cases;
  coverage.by_group /= cases;
  return coverage;
}

}  // namespace

std::vector<Residual> residuals_of(const ascend::Soc& soc, const std::vector<MeasuredCase>& cases,
                                   const CrossValidation& validation) {
  std::vector<Residual> result;
  for (std::size_t i = 0; i < cases.size(); ++i)
    result.push_back({main_class(soc, cases[i]), cases[i].group,
                      std::log(cases[i].measured_us / validation.by_case[i]),
                      std::log(cases[i].measured_us / validation.by_group[i])});
  return result;
}

std::array<double, 2> quantiles(std::vector<double> values) {
  KEEL_CHECK(!values.empty());
  std::ranges::sort(values);
  const std::size_t outside = (values.size() + 1) / 20;
  const std::size_t place = outside == 0 ? 0 : outside - 1;
  return {values[place], values[values.size() - 1 - place]};
}

std::vector<ascend::TimingError> errors_of(const std::vector<Residual>& residuals) {
  std::vector<ascend::TimingError> errors;
  for (std::size_t i = 0; i < simulator::kTimingClasses; ++i) {
    const auto timing_class = static_cast<TimingClass>(i);
    const std::vector<Residual> pool = pool_of(residuals, timing_class);
    errors.push_back({.kernel_class = std::string(simulator::name(timing_class)),
                      .measured = quantiles(values(pool, &Residual::by_case)),
                      .unmeasured = quantiles(values(pool, &Residual::by_group)),
                      .shared = share_between_groups(pool)});
  }
  return errors;
}

Coverage coverage_of(const std::vector<Residual>& residuals) {
  return count(residuals, [](const Residual&) { return true; });
}

Coverage coverage_of(const std::vector<Residual>& residuals, TimingClass timing_class) {
  return count(residuals, [&](const Residual& one) { return one.timing_class == timing_class; });
}

}  // namespace keel::calibration
