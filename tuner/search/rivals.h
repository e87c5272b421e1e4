#pragma once

#include <optional>
#include <vector>

#include "tuner/search/goal.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {

/// What variants outside the space reach, such as those of another precision mode: a search beside
/// them is after what none of them has.
struct Rivals {
  std::vector<FrontPoint> front;
  std::optional<FrontPoint> best = {};  ///< of those that meet every requirement and bound
};

/// Makes `point`, which meets everything, the best unless there is a better one.
void offer_best(Aim aim, FrontPoint point, Rivals& rivals);

}  // namespace keel::search
