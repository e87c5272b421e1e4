#pragma once

#include <cstddef>
#include <vector>

#include "tuner/search/space.h"

namespace keel::search {

/// The units the search decides, in order.
std::vector<UnitIndex> free_units(const Space& space);

/// How many of them there are, those of a gang counted once.
std::size_t count_choices(const Space& space);

/// Realised assignments there are, or would be if no units had to agree; SIZE_MAX if that does not
/// fit.
std::size_t count_assignments(const Space& space);

}  // namespace keel::search
