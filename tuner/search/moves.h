#pragma once

#include <vector>

#include "tuner/search/space.h"

namespace keel::search {

/// Free units that a local search flips at once: each alone, each tensor's producer with each of
/// its consumers, and each two whose kernels may merge.
std::vector<std::vector<UnitIndex>> moves(const Space& space);

}  // namespace keel::search
