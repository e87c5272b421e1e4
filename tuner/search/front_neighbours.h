#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "tuner/search/surrogate.h"

namespace keel::search {

/// Neighbours of the measured front, where the error model is wrong and its own front does not
/// pass: one flip of a free unit, or of a tensor's producer with a consumer.
///
/// A neighbour is expected to differ from the trial as the model says. Up to `count`, those first
/// that would add most to the measured volume if their error came out a quarter of a decade better.
///
/// \param surrogate  fitted with pins; trials that lower a pinned unit have no neighbours here
/// \returns          what the model says of each, none in `asked`
std::vector<ModelPoint> front_neighbours(const Surrogate& surrogate,
                                         const std::vector<Trial>& trials,
                                         const std::set<Assignment>& asked, std::size_t count);

}  // namespace keel::search
