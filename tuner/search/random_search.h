#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// The two anchors, then random assignments without repeats: the baseline others must beat.
///
/// Draws the share of lowered units first, then the units, so that draws spread over the whole
/// front instead of gathering around one half.
std::unique_ptr<Strategy> make_random_search(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
