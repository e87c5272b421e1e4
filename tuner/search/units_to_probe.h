#pragma once

#include <vector>

#include "tuner/search/space.h"

namespace keel::search {

/// The free units whose lowering alone has to be tried, by index: all, but where an earlier study
/// tried them those that are suspect, those it says nothing of, and enough of the others to see
/// how its errors compare with the ones here. Of a gang the first.
std::vector<UnitIndex> units_to_probe(const Space& space);

}  // namespace keel::search
