#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// More relative error than this is a cliff: an overflow inside a LayerNorm gives finite but wrong
/// outputs far above it, a harmless mask overflows and stays far below.
inline constexpr double kCliffError = 0.05;

/// A probe that lowers several units.
struct GroupFinding {
  std::uint64_t trial;
  std::size_t units;
  double error;  ///< relative error that it adds to all-kept's; infinite when it is not finite
};

/// What the forward probe of one unit (it alone lowered, all other free units kept or as what
/// probes start from: probe_start.h) has shown. Its error is what it adds to that of the start.
struct UnitFinding {
  bool probed = false;
  bool pinned = false;           ///< a cliff: kept in everything the error model proposes
  bool lone_non_finite = false;  ///< the probe gave Inf or NaN, or failed
  double lone_error = 0;         ///< relative error that the probe adds; may be infinite
  double lone_violation = 0;     ///< of the probe, see Outcome; infinite when not finite, NaN where
                                 ///< only a Partial trial lowers it alone
  /// The smallest probe that lowers it with others.
  std::optional<GroupFinding> group = {};
  bool cleared = false;  ///< a probe that lowers it with others is finite and shows no cliff
  /// Of a PoleGroup that is a cliff: kept in the answer too.
  bool guarded = false;
  std::optional<std::uint64_t> guard_trial =
      {};  ///< the probe of that group; none where its floor is lost
  std::optional<std::uint64_t> probe = {};  ///< the trial of the unit's own, where probed
};

/// The findings of every unit, fixed ones included (never probed nor pinned).
///
/// A unit is pinned when its probe is not finite or failed; and when it is suspect and its probe
/// adds more than 5 % error, or had no probe and is not cleared either: a suspect that the budget
/// leaves unprobed is kept rather than risked. (Before the probes are told, so is every suspect.)
///
/// The units of a PoleGroup are guarded, and pinned, when its floor is lost, and when the trial
/// that lowers just them is not finite, failed, or adds more than 5 % error.
std::vector<UnitFinding> unit_findings(const Space& space, const std::vector<Trial>& trials);

/// Whether `x` keeps every guarded unit.
bool respects_guards(const std::vector<UnitFinding>& findings, const Assignment& x);

/// `space` with pinned units Kept, and what cannot be lowered without them.
Space with_pins(const Space& space, const std::vector<UnitFinding>& findings);

}  // namespace keel::search
