#include "profiler/calibration/network_errors.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "profiler/calibration/residuals.h"
#include "profiler/simulator/timing.h"

namespace keel::calibration {
namespace {

constexpr double kMostBelow = 0.95;  // a quantile that would let a time be negative stops here

// Root of the squared shares of the classes in what the kernels take: 1 where there is only one.
double concentration(const ascend::Soc& soc, const MeasuredCase& one) {
  std::array<double, simulator::kTimingClasses> us{};
  double total = 0;
  for (const CaseKernel& kernel : one.kernels) {
    const double took = kernel.count * simulator::time_of(soc, kernel.work).total_us;
    us[static_cast<std::size_t>(kernel.work.timing_class)] += took;
    total += took;
  }
  double squares = 0;
  for (const double of_class : us) squares += of_class * of_class;
  return std::sqrt(squares) / total;
}

std::vector<double> normalised(const ascend::Soc& soc, const std::vector<MeasuredNetwork>& networks,
                               const CrossValidation& validation) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const MeasuredCase& one = networks[i].measured;
    errors.push_back((one.measured_us / validation.by_group[i] - 1) / concentration(soc, one));
  }
  return errors;
}

}  // namespace

std::vector<ascend::TimingError> network_errors(const ascend::Soc& soc,
                                                const std::vector<MeasuredNetwork>& networks,
                                                const CrossValidation& validation) {
  const std::array<double, 2> bounds = quantiles(normalised(soc, networks, validation));
  const std::array<double, 2> logs = {std::log1p(std::max(bounds[0], -kMostBelow)),
                                      std::log1p(bounds[1])};
  std::vector<ascend::TimingError> errors;
  for (std::size_t i = 0; i < simulator::kTimingClasses; ++i)
    errors.push_back(
        {std::string(simulator::name(static_cast<simulator::TimingClass>(i))), logs, logs, 1});
  return errors;
}

double network_coverage(const ascend::Soc& soc, const std::vector<MeasuredNetwork>& networks,
                        const CrossValidation& validation) {
  const std::vector<double> errors = normalised(soc, networks, validation);
  double inside = 0;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    std::vector<double> others;
    for (std::size_t j = 0; j < networks.size(); ++j)
      if (networks[j].measured.group != networks[i].measured.group) others.push_back(errors[j]);
    const std::array<double, 2> bounds = quantiles(others);
    inside += bounds[0] <= errors[i] && errors[i] <= bounds[1];
  }
  return inside / static_cast<double>(networks.size());
}

}  // namespace keel::calibration
