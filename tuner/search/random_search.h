#pragma once

#include <memory>

#include "compiler/base/random.h"
#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// An assignment whose share of lowered units is drawn first, then the units: so that draws spread
/// over the whole front instead of gathering around one half.
Assignment draw_assignment(const Space& space, Rng& rng);

/// The two anchors, then random assignments without repeats: the baseline others must beat.
std::unique_ptr<Strategy> make_random_search(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
