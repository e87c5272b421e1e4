#pragma once

#include <cstddef>
#include <vector>

#include "tuner/search/surrogate.h"

namespace keel::search {

/// The front that a surrogate expects, where it knows errors as vectors: combinations of roundings
/// that cancel are on no front of an additive model. From the fronts of `points` and of the trials
/// on, neighbours (see moves.h) of what is not dominated by prediction, for some generations.
///
/// \param points  of the additive model: hull vertices, its own full front
/// \returns       up to `count` beside them, those first that would add most to the measured volume
///                if they came out better by a deviation
/// \pre surrogate.error_vectors()
std::vector<ModelPoint> predicted_front(const Surrogate& surrogate,
                                        const std::vector<Trial>& trials,
                                        const std::vector<ModelPoint>& points, std::size_t count);

}  // namespace keel::search
