#include "tuner/search/strategy.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

bool is_complete(const Trial& trial) { return trial.outcome.state == TrialState::Complete; }

// The complete trials that may be recommended.
std::vector<const Trial*> candidates_of(const Space& space, const std::vector<Trial>& trials) {
  const std::vector<UnitFinding> findings = unit_findings(space, trials);
  std::vector<const Trial*> complete, guarded;
  for (const Trial& trial : trials) {
    if (!is_complete(trial)) continue;
    complete.push_back(&trial);
    if (respects_guards(findings, trial.assignment)) guarded.push_back(&trial);
  }
  return guarded.empty() ? complete : guarded;
}

}  // namespace

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::Anchor:
      return "anchor";
    case Phase::Probe:
      return "probe";
    case Phase::Front:
      return "front";
    case Phase::Fill:
      return "fill";
    case Phase::Refine:
      return "refine";
  }
  return "unknown";
}

std::vector<Trial> front(const std::vector<Trial>& trials) {
  std::vector<const Trial*> order;
  for (const Trial& trial : trials)
    if (is_complete(trial)) order.push_back(&trial);
  std::sort(order.begin(), order.end(), [](const Trial* a, const Trial* b) {
    return std::tie(a->outcome.latency_us, a->outcome.squared_error, a->number) <
           std::tie(b->outcome.latency_us, b->outcome.squared_error, b->number);
  });
  std::vector<Trial> kept;
  double least_error = std::numeric_limits<double>::infinity();
  for (const Trial* trial : order) {
    if (!(trial->outcome.squared_error < least_error)) continue;
    least_error = trial->outcome.squared_error;
    kept.push_back(*trial);
  }
  return kept;
}

std::optional<Trial> recommend(const Space& space, const std::vector<Trial>& trials,
                               double latency_tie) {
  const std::vector<const Trial*> candidates = candidates_of(space, trials);
  double fastest_us = std::numeric_limits<double>::infinity();
  for (const Trial* trial : candidates)
    if (trial->outcome.violation <= 0) fastest_us = std::min(fastest_us, trial->outcome.latency_us);
  const bool is_feasible = fastest_us < std::numeric_limits<double>::infinity();

  const Trial* best = nullptr;
  const auto rank = [&](const Trial& trial) {
    return std::tuple(is_feasible ? 0.0 : trial.outcome.violation,
                      kept_units(space, trial.assignment), trial.outcome.squared_error,
                      trial.number);
  };
  for (const Trial* trial : candidates) {
    const Outcome& outcome = trial->outcome;
    if (is_feasible &&
        (outcome.violation > 0 || outcome.latency_us > fastest_us * (1 + latency_tie)))
      continue;
    if (best == nullptr || rank(*trial) < rank(*best)) best = trial;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

}  // namespace keel::search
