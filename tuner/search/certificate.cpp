#include "tuner/search/certificate.h"

#include <algorithm>
#include <cmath>

#include "tuner/search/latency_bound.h"
#include "tuner/search/surrogate.h"
#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

// Cuts that take about ten seconds: one of 1,800 units takes 4 ms.
std::size_t cut_budget(const Space& space) {
  constexpr std::size_t kUnitsCut = 4'000'000;
  constexpr std::size_t kFewest = 50, kMost = 20'000;
  return std::clamp(kUnitsCut / std::max<std::size_t>(space.units.size(), 1), kFewest, kMost);
}

// Measured over predicted, in order.
std::vector<double> ratios(const Space& space, const ErrorModel& model,
                           const std::vector<Trial>& trials, const MeasuredBound& bound) {
  std::vector<double> found;
  for (const Trial& trial : front(trials)) {
    const double measured = bound.measured[trial.number];
    const double predicted = predicted_squared_error(space, model, trial.assignment);
    if (is_fit_for_model(space, trial) && std::isfinite(measured) && measured > 0 && predicted > 0)
      found.push_back(measured / predicted);
  }
  std::ranges::sort(found);
  return found;
}

double largest_latency_residual(const Space& space, const std::vector<Trial>& trials) {
  double largest = 0;
  for (const Trial& trial : trials)
    if (trial.outcome.state == TrialState::Complete)
      largest = std::max(largest,
                         predicted_latency_us(space, trial.assignment) - trial.outcome.latency_us);
  return largest;
}

}  // namespace

std::optional<Certificate> certificate(const Space& space, const std::vector<Trial>& trials,
                                       const Trial& trial, const MeasuredBound& bound) {
  if (!(bound.measured[trial.number] <= bound.limit)) return std::nullopt;
  const Surrogate surrogate(with_pins(space, unit_findings(space, trials)), trials);
  const std::vector<double> found =
      ratios(surrogate.space(), surrogate.error_model(), trials, bound);
  if (found.empty()) return std::nullopt;

  Certificate result;
  result.verified_us = trial.outcome.latency_us;
  result.ratio = found[found.size() / 2];
  result.least_ratio = found.front();
  result.largest_ratio = found.back();
  result.verified = found.size();
  result.latency_residual_us = largest_latency_residual(surrogate.space(), trials);
  std::vector<Assignment> seeds;
  for (const Trial& one : trials) seeds.push_back(one.assignment);
  const LatencyBound least =
      latency_bound(surrogate.space(), surrogate.error_model(), bound.limit / result.least_ratio,
                    seeds, cut_budget(space));
  // Where the model lets nothing meet the bound, the trial shows that it is wrong there.
  if (!std::isfinite(least.bound_us)) return std::nullopt;
  result.bound_us = least.bound_us - result.latency_residual_us;
  result.is_closed = least.is_closed;
  result.cuts = least.cuts;
  return result;
}

}  // namespace keel::search
