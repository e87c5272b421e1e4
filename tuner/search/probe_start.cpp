#include "tuner/search/probe_start.h"

#include <algorithm>
#include <cmath>

#include "tuner/search/error_model.h"

namespace keel::search {
namespace {

constexpr std::size_t kScoutsPart = 10;
constexpr double kRough = 0.25;  // of the error of all lowered
// Of the squared error of all kept. Lesser ratios come of roundings drawn anew on any model.
constexpr double kMuchLess = 0.25;

bool feeds_pole(const Space& space, UnitIndex unit) {
  return std::ranges::any_of(space.poles, [&](const PoleGroup& pole) {
    return std::ranges::binary_search(pole.units, unit);
  });
}

bool may_start(const Space& space, UnitIndex unit) {
  return std::ranges::none_of(lowered_with(space, unit), [&](UnitIndex each) {
    return space.units[each].suspect || feeds_pole(space, each);
  });
}

const Trial* find_complete(const std::vector<Trial>& trials, const Assignment& x) {
  const auto found = std::ranges::find_if(trials, [&](const Trial& trial) {
    return trial.assignment == x && trial.outcome.state == TrialState::Complete;
  });
  return found == trials.end() ? nullptr : &*found;
}

bool ran(const Trial& trial) {
  return trial.outcome.state == TrialState::Complete || trial.outcome.state == TrialState::Partial;
}

// On samples that both ran on.
bool has_much_less(const Outcome& outcome, const Outcome& kept) {
  const bool has_probing =
      !std::isnan(outcome.probing_squared_error) && !std::isnan(kept.probing_squared_error);
  const double less = has_probing ? outcome.probing_squared_error : outcome.squared_error;
  const double whole = has_probing ? kept.probing_squared_error : kept.squared_error;
  return whole > kNoiseFloor && less <= kMuchLess * whole;
}

double error_of(const Outcome& outcome) {
  return std::isnan(outcome.probing_squared_error) ? outcome.squared_error
                                                   : outcome.probing_squared_error;
}

}  // namespace

bool is_all_kept_rough(const Space& space, const std::vector<Trial>& trials) {
  const Trial* kept = find_complete(trials, all_kept(space));
  const Trial* lowered = find_complete(trials, all_lowered(space));
  return kept != nullptr && lowered != nullptr &&
         kept->outcome.squared_error >= kRough * kRough * lowered->outcome.squared_error;
}

std::vector<UnitIndex> scouts(const Space& space, const std::vector<UnitIndex>& units) {
  std::vector<UnitIndex> first(
      units.begin(), units.begin() + static_cast<std::ptrdiff_t>(units.size() / kScoutsPart));
  std::erase_if(first, [&](UnitIndex unit) { return !may_start(space, unit); });
  return first;
}

std::optional<Trial> find_start(const Space& space, const std::vector<Trial>& trials) {
  const Assignment all = all_kept(space);
  const Trial* kept = find_complete(trials, all);
  if (kept == nullptr) return std::nullopt;
  const Trial* best = nullptr;
  for (const Trial& trial : trials) {
    if (trial.phase != Phase::Probe || !ran(trial)) continue;
    if (!has_much_less(trial.outcome, kept->outcome)) continue;
    const std::optional<UnitIndex> unit = only_lowered(space, trial.assignment, all);
    if (!unit || !may_start(space, *unit)) continue;
    if (best == nullptr || error_of(trial.outcome) < error_of(best->outcome)) best = &trial;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

Space starting_from(const Space& space, const Assignment& start) {
  Space started = space;
  for (std::size_t u = 0; u < start.size(); ++u)
    if (start[u] != 0 && space.units[u].state == UnitState::Free)
      started.units[u].state = UnitState::Lowered;
  return started;
}

Space probed_space(const Space& space, const std::vector<Trial>& trials) {
  const std::optional<Trial> start = find_start(space, trials);
  const bool is_started =
      start && std::ranges::any_of(trials, [&](const Trial& trial) {
        return trial.phase == Phase::Probe &&
               only_lowered(space, trial.assignment, start->assignment).has_value();
      });
  return is_started ? starting_from(space, start->assignment) : space;
}

}  // namespace keel::search
