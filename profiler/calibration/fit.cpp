#include "profiler/calibration/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "profiler/calibration/least_squares.h"

namespace keel::calibration {
namespace {

using ascend::TimingParameters;

// Priors: launch times from the smallest published kernels, cycles from published instruction
// timing, shares from single large kernels (vendor-facts section on performance). Widths: half of a
// factor e where the prior is an estimate, less where it was measured.
constexpr auto kParameters = std::to_array<FittedParameter>({
    {"launch_us", &TimingParameters::launch_us, 3, 0.5, 1e3, "us"},
    {"vector_launch_us", &TimingParameters::vector_launch_us, 3, 0.5, 1e3, "us"},
    {"row_launch_us", &TimingParameters::row_launch_us, 5, 0.5, 1e3, "us"},
    {"layout_launch_us", &TimingParameters::layout_launch_us, 4, 0.5, 1e3, "us"},
    {"index_launch_us", &TimingParameters::index_launch_us, 5, 0.5, 1e3, "us"},
    {"mixed_launch_us", &TimingParameters::mixed_launch_us, 12, 0.5, 1e3, "us"},
    {"tensor_us", &TimingParameters::tensor_us, 2, 0.7, 1e3, "us / tensor"},
    {"cube_efficiency", &TimingParameters::cube_efficiency, 0.78, 0.15, 1, "share of peak"},
    {"depthwise_efficiency", &TimingParameters::depthwise_efficiency, 0.24, 0.5, 1,
     "share of peak"},
    {"fill_share", &TimingParameters::fill_share, 0.75, 0.5, 1e3, "times of a 128 x 256 tile"},
    {"block_cycles", &TimingParameters::block_cycles, 2700, 0.5, 1e6, "cycles / block"},
    {"vector_efficiency", &TimingParameters::vector_efficiency, 0.6, 0.4, 1, "share of peak"},
    {"row_cycles", &TimingParameters::row_cycles, 360, 0.7, 1e6, "cycles / row"},
    {"l2_efficiency", &TimingParameters::l2_efficiency, 0.46, 0.3, 1,
     "share of the L2 rate of all cores"},
    {"cube_l2_efficiency", &TimingParameters::cube_l2_efficiency, 0.25, 0.3, 1,
     "share of the L2 rate of all cores"},
    {"memory_efficiency", &TimingParameters::memory_efficiency, 0.77, 0.2, 1, "share of peak"},
    {"transpose_share", &TimingParameters::transpose_share, 0.45, 0.4, 1, "share of the bandwidth"},
    {"gather_cycles", &TimingParameters::gather_cycles, 180, 0.7, 1e6, "cycles / row"},
    {"copy_cycles", &TimingParameters::copy_cycles, 9, 0.7, 1e6, "cycles / run"},
    {"vector_overlap", &TimingParameters::vector_overlap, 1, 0.5, 1e2, "exponent - 1"},
    {"row_overlap", &TimingParameters::row_overlap, 0.5, 0.5, 1e2, "exponent - 1"},
    {"cube_overlap", &TimingParameters::cube_overlap, 1, 0.5, 1e2, "exponent - 1"},
});

// Logarithm of a factor from which on a residual counts by its size, no longer by its square.
constexpr double kOutlier = 0.3;
// Residuals the pull of the priors weighs as, for one width.
constexpr double kPriorWeight = 0.3;
constexpr int kIterations = 60;
constexpr int kCorrectionRounds = 3;  // shares of the time move with the corrections

TimingParameters parameters_at(const TimingParameters& start, const Numbers& logs) {
  TimingParameters timing = start;
  for (std::size_t i = 0; i < kParameters.size(); ++i)
    timing.*kParameters[i].field = std::min(std::exp(logs[i]), kParameters[i].most);
  return timing;
}

// Square roots of the weights; their squares sum to the number of used cases.
Numbers case_weights(const Training& training) {
  std::map<std::string, int> in_group;
  for (std::size_t i = 0; i < training.cases.size(); ++i)
    if (training.used[i]) ++in_group[training.cases[i].group];
  Numbers weights(training.cases.size());
  double sum = 0;
  double used = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!training.used[i]) continue;
    weights[i] = std::pow(in_group[training.cases[i].group], -0.25);
    sum += weights[i] * weights[i];
    ++used;
  }
  for (double& weight : weights) weight *= std::sqrt(used / sum);
  return weights;
}

double robust(double residual) {
  const double scaled = residual / kOutlier;
  return kOutlier * std::sqrt(2 * (std::sqrt(1 + scaled * scaled) - 1));
}

void add_corrections(ascend::Soc& soc, const Training& training) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < training.cases.size(); ++i)
    if (training.used[i])
      for (const CaseKernel& kernel : training.cases[i].kernels) names.insert(kernel.signature);
  const std::vector<std::string> signatures(names.begin(), names.end());
  const std::size_t n = signatures.size();
  for (const std::string& signature : signatures) soc.timing.corrections.push_back({signature, 0});
  for (int round = 0; round < kCorrectionRounds; ++round) {
    std::vector<Numbers> normal(n, Numbers(n));
    Numbers right(n);
    for (std::size_t j = 0; j < n; ++j) {
      normal[j][j] = kCorrectionPull;
      right[j] = -kCorrectionPull * soc.timing.corrections[j].log_factor;
    }
    for (std::size_t i = 0; i < training.cases.size(); ++i) {
      if (!training.used[i]) continue;
      const MeasuredCase& one = training.cases[i];
      const double residual = std::log(one.measured_us / predicted_us(soc, one));
      // One outlier must not carry the factor of its signature.
      const double weight = residual == 0 ? 1 : std::min(1.0, kOutlier / std::abs(residual));
      const Numbers shares = shares_of(soc, one, signatures);
      for (std::size_t j = 0; j < n; ++j) {
        if (shares[j] == 0) continue;
        right[j] += weight * shares[j] * residual;
        for (std::size_t k = 0; k < n; ++k) normal[j][k] += weight * shares[j] * shares[k];
      }
    }
    const Numbers step = solve(std::move(normal), std::move(right));
    for (std::size_t j = 0; j < n; ++j) soc.timing.corrections[j].log_factor += step[j];
  }
}

}  // namespace

std::span<const FittedParameter> fitted_parameters() { return kParameters; }

ascend::TimingParameters fit(const ascend::Soc& soc, const Training& training) {
  ascend::Soc trial = soc;
  trial.timing.corrections.clear();
  const TimingParameters start = trial.timing;
  const Numbers weights = case_weights(training);
  const auto residuals = [&](const Numbers& logs) {
    trial.timing = parameters_at(start, logs);
    Numbers result;
    for (std::size_t i = 0; i < training.cases.size(); ++i)
      if (training.used[i]) {
        const MeasuredCase& one = training.cases[i];
        const double log_ratio = std::log(predicted_us(trial, one) / one.measured_us);
        result.push_back(std::copysign(robust(log_ratio * weights[i]), log_ratio));
      }
    for (std::size_t i = 0; i < kParameters.size(); ++i)
      result.push_back(kPriorWeight * (logs[i] - std::log(kParameters[i].prior)) /
                       kParameters[i].width);
    return result;
  };
  Numbers logs;
  for (const FittedParameter& parameter : kParameters) logs.push_back(std::log(parameter.prior));
  trial.timing = parameters_at(start, least_squares(residuals, std::move(logs), kIterations));
  add_corrections(trial, training);
  return trial.timing;
}

}  // namespace keel::calibration
