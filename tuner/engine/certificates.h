#pragma once

#include <optional>
#include <vector>

#include "tuner/report/result.h"

namespace keel::engine {

/// How far the recommendation may be from the best, for each requirement. Empty where the
/// requirement is missed or on a figure that does not go with the squared error, such as a rate;
/// no list where the least error is the goal.
/// \param space  of the search, without what it found
std::vector<std::optional<search::Certificate>> certificates(const search::Space& space,
                                                             const report::TuneResult& result);

}  // namespace keel::engine
