#include "profiler/calibration/fit.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "compiler/base/check.h"
#include "profiler/calibration/least_squares.h"

namespace keel::calibration {
namespace {

using ascend::TimingParameters;

// Logarithm of a factor from which on a residual counts by its size, no longer by its square.
constexpr double kOutlier = 0.3;
// Residuals the pull of the priors weighs as, for one width.
constexpr double kPriorWeight = 0.3;
constexpr int kIterations = 60;
constexpr int kCorrectionRounds = 3;  // shares of the time move with the corrections

// Those that move, in the order of the table.
std::vector<FittedParameter> moving_parameters(Fitted fitted) {
  std::vector<FittedParameter> moving;
  std::ranges::copy_if(
      fitted_parameters(), std::back_inserter(moving),
      [&](const FittedParameter& parameter) { return parameter.prior(fitted).width > 0; });
  return moving;
}

TimingParameters parameters_at(const TimingParameters& start,
                               const std::vector<FittedParameter>& moving, const Numbers& logs) {
  TimingParameters timing = start;
  for (std::size_t i = 0; i < moving.size(); ++i)
    timing.*moving[i].field = std::min(std::exp(logs[i]), moving[i].most);
  return timing;
}

// How much of the weight of its cases a group loses by having many of them: operators were measured
// in 1 to 20 shapes, as someone pleased; networks nearly all at the same six batch sizes.
double shared_weight(Fitted fitted) {
  switch (fitted) {
    case Fitted::Operators910B2:
      return 0.5;
    case Fitted::Networks310P3:
      return 0;
  }
  KEEL_CHECK(false);
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
    weights[i] = std::pow(in_group[training.cases[i].group], -shared_weight(training.fitted) / 2);
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

ascend::TimingParameters fit(const ascend::Soc& soc, const Training& training) {
  ascend::Soc trial = soc;
  trial.timing.corrections.clear();
  for (const FittedParameter& parameter : fitted_parameters())
    trial.timing.*parameter.field = parameter.prior(training.fitted).value;
  const TimingParameters start = trial.timing;
  const std::vector<FittedParameter> moving = moving_parameters(training.fitted);
  Numbers priors;
  for (const FittedParameter& parameter : moving)
    priors.push_back(std::log(parameter.prior(training.fitted).value));
  const Numbers weights = case_weights(training);
  const auto residuals = [&](const Numbers& logs) {
    trial.timing = parameters_at(start, moving, logs);
    Numbers result;
    for (std::size_t i = 0; i < training.cases.size(); ++i)
      if (training.used[i]) {
        const MeasuredCase& one = training.cases[i];
        const double log_ratio = std::log(predicted_us(trial, one) / one.measured_us);
        result.push_back(std::copysign(robust(log_ratio * weights[i]), log_ratio));
      }
    for (std::size_t i = 0; i < moving.size(); ++i)
      result.push_back(kPriorWeight * (logs[i] - priors[i]) /
                       moving[i].prior(training.fitted).width);
    return result;
  };
  trial.timing = parameters_at(start, moving, least_squares(residuals, priors, kIterations));
  if (training.fitted == Fitted::Operators910B2) add_corrections(trial, training);
  return trial.timing;
}

}  // namespace keel::calibration
