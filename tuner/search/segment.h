#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// Halving of segments: all units are one undecided segment of kept units. The largest undecided
/// segment is lowered beside all that were accepted before; where that misses the bound it is
/// halved, or kept if it is one unit.
///
///  1. The two anchors.
///  2. Halving under the requirements; left out where all kept does not meet them.
///  3. Halving anew under each of 31 bounds on the relative error of the ranking samples, evenly
///     spaced in its logarithm between the errors of the anchors (1 where all lowered is not
///     finite), coarse to fine: so a front results.
///
/// Differs from its source: step 3; units in place of nodes; a unit that follows a kept one is
/// kept until that is lowered too.
///
/// \pre verify(space)
/// \par Source  onnxconverter-common, `auto_mixed_precision`
std::unique_ptr<Strategy> make_segment(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
