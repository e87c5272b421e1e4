#include "tuner/search/segment.h"

#include <cmath>
#include <queue>

#include "tuner/search/bisection.h"
#include "tuner/search/free_units.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/script.h"

namespace keel::search {
namespace {

constexpr std::size_t kBounds = 32;  // parts that the range of log errors is split into

/// What an outcome has to stay under; empty: under every requirement.
using Bound = std::optional<double>;

bool is_under(const Outcome& outcome, const Bound& largest_log_error) {
  if (!largest_log_error) return meets_requirements(outcome);
  return outcome.state == TrialState::Complete && std::isfinite(outcome.squared_error) &&
         log_error(outcome.squared_error) <= *largest_log_error;
}

std::vector<Bound> bounds_between(const Outcome& lowered, const Outcome& kept) {
  std::vector<Bound> bounds;
  if (meets_requirements(kept)) bounds.push_back(std::nullopt);
  if (kept.state != TrialState::Complete || !std::isfinite(kept.squared_error)) return bounds;
  const bool is_finite =
      lowered.state == TrialState::Complete && std::isfinite(lowered.squared_error);
  const double least = log_error(kept.squared_error);
  const double largest = is_finite ? log_error(lowered.squared_error) : 0.0;
  for (const std::size_t part : coarse_to_fine(kBounds))
    bounds.push_back(least + (largest - least) * static_cast<double>(part) / kBounds);
  return bounds;
}

/// Neighbours among the free units.
struct Segment {
  std::size_t first;
  std::size_t size;

  /// The largest comes first, of equals the one nearest the inputs.
  friend bool operator<(const Segment& a, const Segment& b) {
    return std::pair(a.size, b.first) < std::pair(b.size, a.first);
  }
};

/// `x` with the free units of `segment` lowered.
Assignment with_lowered(Assignment x, const std::vector<UnitIndex>& units, const Segment& segment) {
  for (std::size_t i = segment.first; i < segment.first + segment.size; ++i) x[units[i]] = 1;
  return x;
}

Script segment(Space space) {
  const Batch anchors{{all_lowered(space), all_kept(space)}, Phase::Anchor};
  const std::vector<Outcome> ends = co_await anchors;
  const std::vector<UnitIndex> units = free_units(space);
  if (units.empty()) co_return;
  for (const Bound& bound : bounds_between(ends[0], ends[1])) {
    Assignment accepted = all_kept(space);
    std::priority_queue<Segment> undecided;
    undecided.push({0, units.size()});
    while (!undecided.empty()) {
      const Segment largest = undecided.top();
      undecided.pop();
      const Assignment wanted = with_lowered(accepted, units, largest);
      const Batch attempt{{with_fixed_units(space, wanted)}, Phase::Fill};
      const std::vector<Outcome> outcomes = co_await attempt;
      if (is_under(outcomes[0], bound)) {
        accepted = wanted;
      } else if (largest.size > 1) {
        const std::size_t half = largest.size / 2;
        undecided.push({largest.first, half});
        undecided.push({largest.first + half, largest.size - half});
      }
    }
  }
}

}  // namespace

std::unique_ptr<Strategy> make_segment(const Space& space, const StrategyOptions& options) {
  return make_scripted(segment(space), options.max_trials);
}

}  // namespace keel::search
