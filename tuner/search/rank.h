#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// One sensitivity a unit, and one order.
///
///  1. The two anchors, then each free unit lowered alone.
///  2. Units in order of the error that they make alone; those whose probe is not complete last.
///  3. Bisection for the most units, taken from the front of that order, that may be lowered
///     together under the requirements; left out where all lowered meets them or all kept does not.
///  4. Every other number of units of that order, coarse to fine; then the search ends, after about
///     2 N trials.
///
/// Differs from its source: step 4, the whole curve that there is an option; bisection first;
/// relative error on the ranking samples in place of a score of the owner's; no second order by
/// cost, since equal errors do not occur. A unit is lowered with those it follows.
///
/// \pre verify(space)
/// \par Source  AIMET, automatic mixed precision: sensitivity list (phase 1), then the accuracy
///              curve along it (phase 2)
std::unique_ptr<Strategy> make_rank(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
