#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// Marking: the first, or the last, so many units are kept and all others lowered.
///
///  1. The two anchors.
///  2. Bisection for the fewest first units that meet the requirements, then for the fewest last
///     ones; left out where all lowered meets them or all kept does not.
///  3. Every other number of units, first and last in turn, coarse to fine: after about 2 N trials
///     all that marking can say is evaluated, and the search ends.
///
/// Differs from its source: step 3, which gives a front instead of one answer and holds what
/// linear marking would try; units in place of layers; both directions in one run; a unit that
/// follows a kept one is kept.
///
/// \pre verify(space)
/// \par Source  Polygraphy, `debug precision --mode bisect|linear --dir forward|reverse`
std::unique_ptr<Strategy> make_mark(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
