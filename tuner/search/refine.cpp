#include "tuner/search/refine.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tuner/search/bounds.h"
#include "tuner/search/feasibility_border.h"
#include "tuner/search/flip_closure.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/moves.h"

namespace keel::search {
namespace {

// Deviation of a neighbour's log error from the incumbent's measured one plus the model's
// difference: 0.04 decades are 10 %.
constexpr double kNeighbourDeviation = 0.04;
// Below this expected gain, a ratio of latency or decades of error, a neighbour is not worth an
// evaluation.
constexpr double kLeastGain = 5e-4;
// Swaps are tried between this many units of each bit, by latency at stake: quadratic.
constexpr std::size_t kSwapUnits = 48;

/// Expects of a neighbour what the incumbent measured plus the model's difference.
class NeighbourScore {
 public:
  NeighbourScore(const Surrogate& surrogate, const Trial& incumbent,
                 const std::vector<Trial>& trials, const Goal& goal)
      : aim_(goal.aim), bounds_(goal, surrogate.space(), trials), border_(trials) {
    ModelState state(surrogate.space(), surrogate.error_model());
    state.reset(incumbent.assignment);
    latency_us_ = state.latency_us();
    casts_ = incumbent.outcome.casts - state.casts();
    log_error_ = log_error(state.squared_error());
    log_error_shift_ = log_error(incumbent.outcome.squared_error) - log_error_;
    measured_us_ = incumbent.outcome.latency_us;
    fastest_us_ = measured_us_;
    const std::vector<UnitFinding> findings = unit_findings(surrogate.space(), trials);
    for (const Trial& trial : trials)
      if (is_verified(trial.outcome) && bounds_.violation(trial.outcome) <= 0 &&
          respects_guards(findings, trial.assignment))
        fastest_us_ = std::min(fastest_us_, trial.outcome.latency_us);
  }

  /// Whether a variant that keeps no less than the incumbent may be recommended in its place: it is
  /// faster than all that meet the requirements. An incumbent may be slower than these by kTie, for
  /// keeping less.
  bool is_fastest(const ModelState& state) const {
    return measured_us_ - (latency_us_ - state.latency_us()) < fastest_us_ * (1 - kLeastGain);
  }

  /// Expected gain under the requirements and bounds, as a ratio of latency or in decades of error;
  /// negative when it is a loss.
  ///
  /// \param more_squared_error  that the model of the state knows nothing of
  double operator()(const ModelState& state, double more_squared_error = 0) const {
    const double squared_error = state.squared_error() + more_squared_error;
    const double gained_us = latency_us_ - state.latency_us();
    if (!bounds_.hold(measured_us_ - gained_us, casts_ + state.casts())) return -1;
    const double gain =
        aim_ == Aim::Latency ? gained_us / measured_us_ : log_error_ - log_error(squared_error);
    const double feasible =
        border_.probability(log_error(squared_error) + log_error_shift_, kNeighbourDeviation);
    return gain > 0 ? gain * feasible : gain;
  }

 private:
  Aim aim_;
  Bounds bounds_;
  FeasibilityBorder border_;
  double latency_us_ = 0;
  double log_error_ = 0;
  double measured_us_ = 0;
  double fastest_us_ = 0;  ///< of all that meet the requirements
  int casts_ = 0;          ///< that the incumbent has more than the model counts
  double log_error_shift_ = 0;
};

struct Scored {
  double score;
  Assignment assignment;
};

std::vector<Assignment> best_first(std::vector<Scored> scored, std::size_t count) {
  std::stable_sort(scored.begin(), scored.end(),
                   [](const Scored& a, const Scored& b) { return a.score > b.score; });
  std::vector<Assignment> result;
  for (Scored& entry : scored) {
    if (result.size() == count) break;
    if (std::find(result.begin(), result.end(), entry.assignment) == result.end())
      result.push_back(std::move(entry.assignment));
  }
  return result;
}

/// Free units of `space` that `x` has at `bit`, those with most time at stake first.
std::vector<UnitIndex> swap_units(const Space& space, const Assignment& x, std::uint8_t bit) {
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < x.size(); ++u)
    if (space.units[u].state == UnitState::Free && x[u] == bit) units.push_back(u);
  std::stable_sort(units.begin(), units.end(), [&](UnitIndex a, UnitIndex b) {
    const auto stake = [&](UnitIndex u) {
      return std::abs(space.units[u].kept_us - space.units[u].lowered_us);
    };
    return stake(a) > stake(b);
  });
  if (units.size() > kSwapUnits) units.resize(kSwapUnits);
  return units;
}

}  // namespace

std::vector<Assignment> promising_neighbours(const Surrogate& surrogate, const Trial& incumbent,
                                             const std::vector<Trial>& trials,
                                             const std::set<Assignment>& asked, std::size_t count,
                                             const Goal& goal) {
  const Space& space = surrogate.space();
  const NeighbourScore score(surrogate, incumbent, trials, goal);
  ModelState state(space, surrogate.error_model());
  state.reset(incumbent.assignment);
  const FlipClosure closure(space);
  std::vector<Scored> promising;
  const int incumbent_keeps = kept_units(space, incumbent.assignment);
  const auto consider = [&](const auto& units) {
    state.with_flips(closure.of(incumbent.assignment, units), [&] {
      const double gain = score(state);
      if (gain < kLeastGain || asked.contains(state.assignment())) return;
      if (goal.aim == Aim::Latency && !score.is_fastest(state) &&
          kept_units(space, state.assignment()) >= incumbent_keeps)
        return;
      promising.push_back({gain, state.assignment()});
    });
  };

  for (const std::vector<UnitIndex>& move : moves(space)) consider(move);
  const std::vector<UnitIndex> lowered = swap_units(space, incumbent.assignment, 1);
  for (const UnitIndex kept : swap_units(space, incumbent.assignment, 0))
    for (const UnitIndex other : lowered) consider(std::array{kept, other});
  return best_first(std::move(promising), count);
}

std::vector<Assignment> uncertified_neighbours(const Space& space, const Surrogate& surrogate,
                                               const Trial& incumbent,
                                               const std::vector<Trial>& trials,
                                               const std::set<Assignment>& asked,
                                               const Goal& goal) {
  const NeighbourScore score(surrogate, incumbent, trials, goal);
  const std::vector<UnitFinding> findings = unit_findings(space, trials);
  ModelState state(surrogate.space(), surrogate.error_model());
  state.reset(incumbent.assignment);
  const FlipClosure closure(space);
  const std::uint8_t improved = goal.aim == Aim::Latency ? 0 : 1;  // the bit that could be better
  std::vector<Scored> remaining;
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    if (space.units[u].state != UnitState::Free || incumbent.assignment[u] != improved) continue;
    if (findings[u].guarded) continue;
    state.with_flips(closure.of(incumbent.assignment, std::array{u}), [&] {
      if (asked.contains(state.assignment())) return;
      // The model knows nothing of a pinned unit but its probe.
      const double lone = findings[u].pinned ? findings[u].lone_error : 0.0;
      remaining.push_back({score(state, lone * lone), state.assignment()});
    });
  }
  return best_first(std::move(remaining), space.units.size());
}

}  // namespace keel::search
