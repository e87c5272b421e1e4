#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// Assignments that are still few enough to evaluate all: those of 16 units that follow none.
constexpr std::size_t kMostExhaustive = std::size_t{1} << 16;

/// Every assignment: the truth that other strategies are held against. The two anchors, then the
/// others counted up as binary numbers whose last digit is the last unit, so that each shares with
/// the one before what lies in front of the units that changed.
///
/// A smaller budget ends it early. \pre verify(space)
std::unique_ptr<Strategy> make_exhaustive(const Space& space, const StrategyOptions& options);

/// Trials that takes.
/// \error InvalidConfig  more than kMostExhaustive; `what` has the number of free units
Result<std::size_t> exhaustive_trials(const Space& space);

}  // namespace keel::search
