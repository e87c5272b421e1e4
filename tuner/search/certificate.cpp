#include "tuner/search/certificate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

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
  const LatencyBound least = latency_bound(surrogate.space(), surrogate.error_model(),
                                           bound.limit / result.ratio, seeds, cut_budget(space));
  {
    int fit = 0;
    for (const Trial& t : trials) fit += is_fit_for_model(surrogate.space(), t);
    std::fprintf(
        stderr,
        "DBG fit %d of %zu, incumbent fit %d predicted lat %.2f (true %.2f) err %.3g measured %.3g "
        "limit/q %.3g\n",
        fit, trials.size(), int(is_fit_for_model(surrogate.space(), trial)),
        predicted_latency_us(surrogate.space(), trial.assignment), trial.outcome.latency_us,
        predicted_squared_error(surrogate.space(), surrogate.error_model(), trial.assignment),
        bound.measured[trial.number], bound.limit / result.ratio);
    if (least.best) {
      std::fprintf(stderr, "DBG best lat %.2f err %.3g;", least.best->latency_us,
                   least.best->squared_error);
      for (const Trial& t : trials)
        if (t.assignment == least.best->assignment)
          std::fprintf(stderr, " evaluated as %zu: %.2f err %.3g viol %.3g phase %d",
                       size_t(t.number), t.outcome.latency_us, bound.measured[t.number],
                       t.outcome.violation, int(t.phase));
      std::fprintf(stderr, "\n");
    }
    {}
    if (least.best) {
      std::size_t bd = 1e9;
      const Trial* bt = nullptr;
      for (const Trial& t : trials) {
        std::size_t d = 0;
        for (std::size_t u = 0; u < t.assignment.size(); ++u)
          d += t.assignment[u] != least.best->assignment[u];
        if (d < bd) {
          bd = d;
          bt = &t;
        }
      }
      std::fprintf(stderr,
                   "DBG raw lat %.2f kept %d; nearest trial %zu distance %zu lat %.2f raw %.2f "
                   "model %.2f kept %d err %.3g viol %.3g\n",
                   predicted_latency_us(space, least.best->assignment),
                   kept_units(space, least.best->assignment), size_t(bt->number), bd,
                   bt->outcome.latency_us, predicted_latency_us(space, bt->assignment),
                   predicted_latency_us(surrogate.space(), bt->assignment),
                   kept_units(space, bt->assignment), bt->outcome.squared_error,
                   bt->outcome.violation);
      for (UnitIndex u = 0; u < space.units.size(); ++u)
        if (space.units[u].state == UnitState::Free)
          std::fprintf(stderr, "%c",
                       surrogate.space().units[u].state != UnitState::Free ? 'p'
                       : least.best->assignment[u]                         ? '1'
                                                                           : '0');
      std::fprintf(stderr, "\n");
      for (UnitIndex u = 0; u < space.units.size(); ++u)
        if (space.units[u].state == UnitState::Free)
          std::fprintf(stderr, "%c", trial.assignment[u] ? '1' : '0');
      std::fprintf(stderr, "\n");
      std::fprintf(stderr, "DBG raw incumbent %.2f\n",
                   predicted_latency_us(space, trial.assignment));
    }
    for (const Trial& t : trials) {
      double r = predicted_latency_us(surrogate.space(), t.assignment) - t.outcome.latency_us;
      if (std::abs(r) > 5)
        std::fprintf(stderr, "DBG trial %zu phase %d residual %.2f of %.1f fit %d\n",
                     size_t(t.number), int(t.phase), r, t.outcome.latency_us,
                     int(is_fit_for_model(surrogate.space(), t)));
    }
  }
  // Where the model lets nothing meet the bound, the trial shows that it is wrong there.
  if (!std::isfinite(least.bound_us)) return std::nullopt;
  result.bound_us = least.bound_us - result.latency_residual_us;
  result.is_closed = least.is_closed;
  result.cuts = least.cuts;
  return result;
}

}  // namespace keel::search
