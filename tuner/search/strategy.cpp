#include "tuner/search/strategy.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

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

// Which of trials that are as good by the aim is to be preferred: the least.
auto preference(const Space& space, Aim aim, const Trial& trial) {
  const bool by_latency = aim == Aim::Latency;
  return std::tuple(by_latency ? kept_units(space, trial.assignment) : 0, !is_complete(trial),
                    by_latency ? trial.outcome.squared_error : trial.outcome.latency_us,
                    trial.number);
}

// The best of those that meet everything; null where there is none.
const Trial* best_feasible(const Space& space, const std::vector<const Trial*>& candidates,
                           const Goal& goal, const Bounds& bounds) {
  std::vector<const Trial*> feasible;
  std::ranges::copy_if(candidates, std::back_inserter(feasible),
                       [&](const Trial* trial) { return bounds.violation(trial->outcome) <= 0; });
  double best_value = kInfinity;
  for (const Trial* trial : feasible)
    best_value = std::min(best_value, value_of(goal.aim, trial->outcome));
  std::erase_if(feasible, [&](const Trial* trial) {
    return value_of(goal.aim, trial->outcome) > best_value * (1 + kTie);
  });
  const auto best = std::ranges::min_element(
      feasible, {}, [&](const Trial* trial) { return preference(space, goal.aim, *trial); });
  return best == feasible.end() ? nullptr : *best;
}

// The best of those that meet everything, else the one that misses by least: of several the one of
// least error, then the fastest.
std::optional<Trial> best_of(const Space& space, const std::vector<const Trial*>& candidates,
                             const Goal& goal, const Bounds& bounds) {
  if (const Trial* best = best_feasible(space, candidates, goal, bounds)) return *best;
  const auto least = std::ranges::min_element(candidates, {}, [&](const Trial* trial) {
    const Outcome& outcome = trial->outcome;
    const double error = std::isnan(outcome.squared_error) ? kInfinity : outcome.squared_error;
    return std::tuple(bounds.violation(outcome), error, outcome.latency_us,
                      preference(space, goal.aim, *trial));
  });
  if (least == candidates.end()) return std::nullopt;
  return **least;
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
  const Bounds bounds(goal, space, trials);
  const std::vector<Trial> scaled = with_probing_scaled(space, trials);
  const std::vector<const Trial*> verified = candidates_of(space, scaled);
  std::vector<const Trial*> complete;
  std::ranges::copy_if(verified, std::back_inserter(complete),
                       [](const Trial* trial) { return is_complete(*trial); });
  if (const Trial* best = best_feasible(space, complete, goal, bounds)) return *best;
  return best_of(space, verified, goal, bounds);
}

std::optional<Trial> best_verified(const Space& space, const std::vector<Trial>& trials,
                                   const Goal& goal) {
  const std::vector<Trial> scaled = with_probing_scaled(space, trials);
  return best_of(space, candidates_of(space, scaled), goal, Bounds(goal, space, trials));
}

}  // namespace keel::search
