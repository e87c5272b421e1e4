#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "tuner/search/surrogate.h"
#include "tuner/search/unit_findings.h"

namespace keel::search {

/// Neighbours of the incumbent that the model expects to be better at what the goal aims at and to
/// meet the requirements and the bounds: one flip, two flips of linked units, a swap of a kept and
/// a lowered unit. Under Aim::Latency those that keep no less have to beat all that was verified.
///
/// \param surrogate  fitted with pins; pinned units are not flipped
/// \returns          up to `count`, the highest expected gain first, none in `asked`
std::vector<Assignment> promising_neighbours(const Surrogate& surrogate, const Trial& incumbent,
                                             const std::vector<Trial>& trials,
                                             const std::set<Assignment>& asked, std::size_t count,
                                             const Goal& goal = {});

/// What is left to evaluate before the incumbent is certified: for each free unit it keeps, pinned
/// ones included and guarded ones not, the variant without it; under Aim::Error, for each free unit
/// it lowers, the variant that keeps it.
///
/// \param space    without pins
/// \returns        all of them, the most likely improvement first, none in `asked`
std::vector<Assignment> uncertified_neighbours(const Space& space, const Surrogate& surrogate,
                                               const Trial& incumbent,
                                               const std::vector<Trial>& trials,
                                               const std::set<Assignment>& asked,
                                               const Goal& goal = {});

}  // namespace keel::search
