#include "tuner/search/rank.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tuner/search/bisection.h"
#include "tuner/search/free_units.h"
#include "tuner/search/script.h"

namespace keel::search {
namespace {

double sensitivity(const Outcome& outcome) {
  const bool is_complete = outcome.state == TrialState::Complete;
  return is_complete && std::isfinite(outcome.squared_error)
             ? outcome.squared_error
             : std::numeric_limits<double>::infinity();
}

/// `units`, the least sensitive first, the first of equals first.
std::vector<UnitIndex> ranked(const std::vector<UnitIndex>& units,
                              const std::vector<Outcome>& probes) {
  std::vector<std::pair<double, UnitIndex>> order;
  for (std::size_t i = 0; i < units.size(); ++i)
    order.emplace_back(sensitivity(probes[i]), units[i]);
  std::ranges::sort(order);
  std::vector<UnitIndex> result;
  for (const auto& [error, unit] : order) result.push_back(unit);
  return result;
}

/// All lowered but the `kept` most sensitive, and the units those are lowered with.
Assignment kept_last(const Space& space, const std::vector<UnitIndex>& order, std::size_t kept) {
  return lowered_alone(space, {order.begin(), order.end() - static_cast<std::ptrdiff_t>(kept)});
}

Script rank(Space space) {
  const Batch anchors{{all_lowered(space), all_kept(space)}, Phase::Anchor};
  const std::vector<Outcome> ends = co_await anchors;
  const std::vector<UnitIndex> units = free_units(space);
  Batch alone{{}, Phase::Probe};
  for (const UnitIndex unit : units) alone.assignments.push_back(lowered_alone(space, {unit}));
  const std::vector<Outcome> probes = co_await alone;
  const std::vector<UnitIndex> order = ranked(units, probes);
  if (!meets_requirements(ends[0]) && meets_requirements(ends[1])) {
    Bisection fewest(0, order.size());
    while (const std::optional<std::size_t> kept = fewest.next()) {
      const Batch attempt{{kept_last(space, order, *kept)}, Phase::Fill};
      const std::vector<Outcome> outcomes = co_await attempt;
      fewest.tell(meets_requirements(outcomes[0]));
    }
  }
  for (const std::size_t kept : coarse_to_fine(order.size())) {
    const Batch next{{kept_last(space, order, kept)}, Phase::Fill};
    co_await next;
  }
}

}  // namespace

std::unique_ptr<Strategy> make_rank(const Space& space, const StrategyOptions& options) {
  return make_scripted(rank(space), options.max_trials);
}

}  // namespace keel::search
