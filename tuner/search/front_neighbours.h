#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "tuner/search/surrogate.h"

namespace keel::search {

/// Neighbours of the measured front, where the models are wrong and their own front does not pass:
/// one flip of a free unit, of a tensor's producer with a consumer, or of all that merges with one
/// another; and the front crossed with each anchor: the first or the last of the units in which
/// they differ, as the anchor has them.
///
/// A neighbour is expected to differ from the trial as the model says. Up to `count`, those first
/// that would add most to the measured volume if their error came out a quarter of a decade better,
/// and their latency better by the deviation that latencies have.
///
/// \param surrogate  fitted with pins; trials that lower a pinned unit have no neighbours here
/// \returns          what the model says of each, none in `asked`
std::vector<ModelPoint> front_neighbours(const Surrogate& surrogate,
                                         const std::vector<Trial>& trials,
                                         const std::set<Assignment>& asked, std::size_t count);

}  // namespace keel::search
