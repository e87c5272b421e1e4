#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/report/result.h"

namespace keel::report {

/// Why a unit stays kept in a trial.
struct Evidence {
  std::string reason;                  ///< clauses joined by "; ", no full stop
  std::optional<std::uint64_t> trial;  ///< the one it rests on
};

/// One for each unit; empty sentences for units that trial `number` lowers.
///
/// The clauses, as far as each is known: the range that explains it; what lowering it alone gives,
/// and whether that pins it; what the variant gives that differs from the trial in this
/// unit only. A fixed unit has the rule or the owner's line instead, then its range. The trial is
/// the probe where that is not finite or failed, else the last variant named.
///
/// \pre trials.size() > number
std::vector<Evidence> evidence(const TuneResult& result, std::uint64_t number);

/// How far the recommendation is proved: of the free units it keeps (guards of a pole, which a rule
/// keeps, not counted), those whose variant without them, all else equal, was evaluated. Such a
/// variant misses a requirement or is not faster, or it would be the recommendation. Where the goal
/// is the least error: of the free units it lowers, those whose variant that keeps them was.
struct Proof {
  std::size_t units = 0;
  std::size_t tried = 0;
};

/// \pre result.recommended
Proof proof(const TuneResult& result);

}  // namespace keel::report
