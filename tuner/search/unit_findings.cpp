#include "tuner/search/unit_findings.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tuner/search/group_probing.h"
#include "tuner/search/probe_start.h"
#include "tuner/search/probing.h"

namespace keel::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Effect {
  bool non_finite = false;
  double error = 0;
};

/// What trials add to all-kept's error.
class Effects {
 public:
  Effects(const Space& space, const std::vector<Trial>& trials) : scale_(space, trials) {
    const Assignment kept = all_kept(space);
    for (const Trial& trial : trials)
      if (trial.assignment == kept && trial.outcome.state == TrialState::Complete)
        kept_ = trial.outcome.squared_error;
  }

  Effect of(const Trial& trial) const {
    const TrialState state = trial.outcome.state;
    const double squared_error = scale_.squared_error(trial.outcome);
    const bool ran = state == TrialState::Complete || state == TrialState::Partial;
    if (!ran || !std::isfinite(squared_error)) return {true, kInfinity};
    return {false, std::sqrt(std::max(0.0, squared_error - kept_))};
  }

 private:
  ProbingScale scale_;
  double kept_ = 0;  ///< not 0 where units are fixed at lowered
};

void note_probe(UnitFinding& finding, const Trial& trial, const Effect& effect) {
  finding.probed = true;
  finding.probe = trial.number;
  finding.lone_non_finite = effect.non_finite;
  finding.lone_error = effect.error;
  finding.lone_violation = effect.non_finite ? kInfinity : trial.outcome.violation;
}

// Those of one unit beyond all kept of `space`, the last of a unit.
void note_probes(const Space& space, const std::vector<Trial>& trials, const Effects& effects,
                 std::vector<UnitFinding>& findings) {
  const Assignment kept = all_kept(space);
  for (const Trial& trial : trials) {
    if (trial.outcome.state == TrialState::Rejected) continue;  // its error is not known
    if (const std::optional<UnitIndex> unit = only_lowered(space, trial.assignment, kept))
      for (const UnitIndex member : gang_of(space, *unit))
        note_probe(findings[member], trial, effects.of(trial));
  }
}

// The trial that lowers just `units`, where it shows a cliff.
std::optional<std::uint64_t> cliff_probe(const Space& space, const std::vector<Trial>& trials,
                                         const Effects& effects,
                                         const std::vector<UnitIndex>& units) {
  const auto trial = std::ranges::find(trials, lowered_alone(space, units), &Trial::assignment);
  if (trial == trials.end() || effects.of(*trial).error <= kCliffError) return std::nullopt;
  return trial->number;
}

void note_guards(const Space& space, const std::vector<Trial>& trials, const Effects& effects,
                 std::vector<UnitFinding>& findings) {
  for (const PoleGroup& group : space.poles) {
    std::optional<std::uint64_t> probe;
    if (!group.floor_is_lost) {
      probe = cliff_probe(space, trials, effects, group.units);
      if (!probe) continue;
    }
    for (const UnitIndex unit : group.units) {
      findings[unit].guarded = findings[unit].pinned = true;
      findings[unit].guard_trial = probe;
    }
  }
}

// Whether a unit that cannot be lowered keeps this one from being lowered.
bool is_held(const Space& space, UnitIndex unit) {
  if (space.units[unit].state != UnitState::Free) return false;
  const auto is_kept = [&](UnitIndex other) { return space.units[other].state == UnitState::Kept; };
  const std::optional<UnitIndex>& leader = space.units[unit].follows;
  return (leader && is_kept(*leader)) || std::ranges::any_of(gang_of(space, unit), is_kept);
}

}  // namespace

std::vector<UnitFinding> unit_findings(const Space& space, const std::vector<Trial>& trials) {
  const Space started = probed_space(space, trials);
  const Effects effects(started, trials);
  std::vector<UnitFinding> findings(space.units.size());
  note_probes(space, trials, Effects(space, trials), findings);
  note_probes(started, trials, effects, findings);
  for (const ProbedGroup& group : probed_groups(started, trials)) {
    const Trial& trial = trials[group.trial];
    const GroupFinding found{trial.number, group.units.size(), effects.of(trial).error};
    for (const UnitIndex unit : group.units) {
      if (!findings[unit].group) findings[unit].group = found;
      findings[unit].cleared |= found.error <= kCliffError;
    }
  }
  for (std::size_t u = 0; u < findings.size(); ++u) {
    UnitFinding& finding = findings[u];
    const bool is_risky = finding.probed ? finding.lone_error > kCliffError : !finding.cleared;
    finding.pinned = space.units[u].state == UnitState::Free &&
                     (finding.lone_non_finite || (space.units[u].suspect && is_risky));
  }
  note_guards(started, trials, effects, findings);
  return findings;
}

bool respects_guards(const std::vector<UnitFinding>& findings, const Assignment& x) {
  for (std::size_t u = 0; u < findings.size(); ++u)
    if (findings[u].guarded && x[u] != 0) return false;
  return true;
}

Space with_pins(const Space& space, const std::vector<UnitFinding>& findings) {
  Space pinned = space;
  for (std::size_t u = 0; u < findings.size(); ++u)
    if (findings[u].pinned) pinned.units[u].state = UnitState::Kept;
  bool has_changed = true;
  while (has_changed) {
    has_changed = false;
    for (UnitIndex u = 0; u < findings.size(); ++u) {
      if (!is_held(pinned, u)) continue;
      pinned.units[u].state = UnitState::Kept;
      has_changed = true;
    }
  }
  return pinned;
}

}  // namespace keel::search
