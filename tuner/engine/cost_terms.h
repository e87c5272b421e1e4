#pragma once

#include "compiler/base/result.h"
#include "tuner/engine/poles.h"
#include "tuner/engine/target.h"
#include "tuner/search/space.h"

namespace keel::engine {

/// The search space of a target, with latency terms from the timing model: a unit's kernels alone,
/// casts on unit boundaries, and what neighbours save by merging.
/// \param suspects  one per unit: probe it first
/// \error whatever compiling the two anchors gives
Result<search::Space> make_space(const Target& target, const std::vector<bool>& suspects,
                                 const std::vector<Pole>& poles);

}  // namespace keel::engine
