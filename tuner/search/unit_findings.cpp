#include "tuner/search/unit_findings.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace keel::search {
namespace {

// Overflow inside a LayerNorm gives finite but wrong outputs, far above this; a harmless mask
// overflows and stays far below.
constexpr double kCliffError = 0.05;

}  // namespace

std::vector<UnitFinding> unit_findings(const Space& space, const std::vector<Trial>& trials) {
  const Assignment kept = all_kept(space);
  double kept_squared_error = 0;  // not 0 where units are fixed at lowered
  for (const Trial& trial : trials)
    if (trial.assignment == kept && trial.outcome.state == TrialState::Complete)
      kept_squared_error = trial.outcome.squared_error;

  std::vector<UnitFinding> findings(space.units.size());
  for (const Trial& trial : trials) {
    const auto [bit, kept_bit] =
        std::mismatch(trial.assignment.begin(), trial.assignment.end(), kept.begin());
    if (bit == trial.assignment.end() || !std::equal(bit + 1, trial.assignment.end(), kept_bit + 1))
      continue;
    UnitFinding& finding = findings[static_cast<std::size_t>(bit - trial.assignment.begin())];
    finding.probed = true;
    finding.lone_non_finite =
        trial.outcome.state != TrialState::Complete || !std::isfinite(trial.outcome.squared_error);
    if (finding.lone_non_finite) {
      finding.lone_error = std::numeric_limits<double>::infinity();
      finding.lone_violation = std::numeric_limits<double>::infinity();
    } else {
      finding.lone_error =
          std::sqrt(std::max(0.0, trial.outcome.squared_error - kept_squared_error));
      finding.lone_violation = trial.outcome.violation;
    }
  }
  for (std::size_t u = 0; u < findings.size(); ++u) {
    UnitFinding& finding = findings[u];
    const bool is_risky = !finding.probed || finding.lone_error > kCliffError;
    finding.pinned = space.units[u].state == UnitState::Free &&
                     (finding.lone_non_finite || (space.units[u].suspect && is_risky));
  }
  return findings;
}

Space with_pins(const Space& space, const std::vector<UnitFinding>& findings) {
  Space pinned = space;
  for (std::size_t u = 0; u < findings.size(); ++u)
    if (findings[u].pinned) pinned.units[u].state = UnitState::Kept;
  return pinned;
}

}  // namespace keel::search
