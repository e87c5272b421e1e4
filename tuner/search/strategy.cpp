#include "tuner/search/strategy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "tuner/search/bounds.h"
#include "tuner/search/probing.h"
#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What the aim makes small.
double value_of(Aim aim, const Outcome& outcome) {
  switch (aim) {
    case Aim::Latency:
      return outcome.latency_us;
    case Aim::Error:
      return std::sqrt(outcome.squared_error);
  }
  KEEL_CHECK(false && "an Aim outside its enumeration");
}

bool is_complete(const Trial& trial) { return trial.outcome.state == TrialState::Complete; }

// The verified trials that may be recommended.
std::vector<const Trial*> candidates_of(const Space& space, const std::vector<Trial>& trials) {
  const std::vector<UnitFinding> findings = unit_findings(space, trials);
  std::vector<const Trial*> verified, guarded;
  for (const Trial& trial : trials) {
    if (!is_verified(trial.outcome)) continue;
    verified.push_back(&trial);
    if (respects_guards(findings, trial.assignment)) guarded.push_back(&trial);
  }
  return guarded.empty() ? verified : guarded;
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

bool is_verified(const Outcome& outcome) {
  const bool ran = outcome.state == TrialState::Complete || outcome.state == TrialState::Partial;
  return ran && !std::isnan(outcome.violation);
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
                               const Goal& goal) {
  const std::vector<Trial> scaled = with_probing_scaled(space, trials);
  const std::vector<const Trial*> candidates = candidates_of(space, scaled);
  const Bounds bounds(goal, space, trials);
  double best_value = kInfinity;  // of those that meet everything
  for (const Trial* trial : candidates)
    if (bounds.violation(trial->outcome) <= 0)
      best_value = std::min(best_value, value_of(goal.aim, trial->outcome));
  const bool is_feasible = best_value < kInfinity;

  const auto rank = [&](const Trial& trial) {
    const Outcome& outcome = trial.outcome;
    const bool by_latency = goal.aim == Aim::Latency;
    return std::tuple(is_feasible ? 0.0 : bounds.violation(outcome),
                      by_latency ? kept_units(space, trial.assignment) : 0,
                      by_latency ? outcome.squared_error : outcome.latency_us, trial.number);
  };
  const Trial* best = nullptr;
  for (const Trial* trial : candidates) {
    if (is_feasible && (bounds.violation(trial->outcome) > 0 ||
                        value_of(goal.aim, trial->outcome) > best_value * (1 + kTie)))
      continue;
    if (best == nullptr || rank(*trial) < rank(*best)) best = trial;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

}  // namespace keel::search
