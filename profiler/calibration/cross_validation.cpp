#include "profiler/calibration/cross_validation.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "compiler/base/hash.h"

namespace keel::calibration {
namespace {

std::uint64_t fold_of(const MeasuredCase& one) {
  Hasher hasher;
  hasher.add(std::string_view(one.id));
  return hasher.digest().low % kFolds;
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t j = i; j < end; ++j) result[order[j]] = static_cast<double>(i + end - 1) / 2;
    i = end;
  }
  return result;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

CrossValidation cross_validate(const ascend::Soc& soc, const std::vector<MeasuredCase>& cases,
                               Fitted fitted) {
  CrossValidation result;
  result.by_case.resize(cases.size());
  result.by_group.resize(cases.size());
  const auto leave_out = [&](const auto& is_left_out, std::vector<double>& predicted) {
    Training training{cases, {}, fitted};
    for (const MeasuredCase& one : cases) training.used.push_back(!is_left_out(one));
    ascend::Soc trained = soc;
    trained.timing = fit(soc, training);
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (!training.used[i]) predicted[i] = predicted_us(trained, cases[i]);
    return trained.timing;
  };
  tbb::parallel_for(std::uint64_t{0}, kFolds, [&](std::uint64_t fold) {
    leave_out([&](const MeasuredCase& one) { return fold_of(one) == fold; }, result.by_case);
  });
  std::set<std::string> names;
  for (const MeasuredCase& one : cases) names.insert(one.group);
  const std::vector<std::string> groups(names.begin(), names.end());
  std::vector<ascend::TimingParameters> without(groups.size());
  tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t i) {
    without[i] =
        leave_out([&](const MeasuredCase& one) { return one.group == groups[i]; }, result.by_group);
  });
  for (std::size_t i = 0; i < groups.size(); ++i)
    result.without.emplace(groups[i], std::move(without[i]));
  return result;
}

Accuracy accuracy(const std::vector<double>& predicted, const std::vector<double>& measured) {
  if (predicted.empty()) return {};
  std::vector<double> errors;
  for (std::size_t i = 0; i < predicted.size(); ++i)
    errors.push_back(std::abs(predicted[i] / measured[i] - 1));
  Accuracy result;
  result.mean =
      std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(errors.size());
  std::ranges::sort(errors);
  const std::size_t half = errors.size() / 2;
  result.median = errors.size() % 2 == 1 ? errors[half] : (errors[half - 1] + errors[half]) / 2;
  result.spearman = correlation(ranks(predicted), ranks(measured));
  return result;
}

}  // namespace keel::calibration
