#pragma once

#include <optional>
#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// What probes lower one more unit of: all kept, or a draw with less error.
///
/// Where kept operators are rounded too (a convolution in HF32), all kept is one draw of roundings
/// among many, and may be an unlucky one: most of its error then lies in one direction that a
/// single operator decides, and what others add drowns in it. Such an operator is the opposite of a
/// pin: it is lowered in whatever the models learn from and propose.

/// Whether all kept has at least a quarter of the error of all lowered: kept operators round nearly
/// as much.
bool is_all_kept_rough(const Space& space, const std::vector<Trial>& trials);

/// The units whose probes come first, to find one to start from: the first tenth of `units`, which
/// all others compute from, but for suspects and those that feed a pole.
/// \param units  to be probed one by one, in order
std::vector<UnitIndex> scouts(const Space& space, const std::vector<UnitIndex>& units);

/// The trial to start from: the probe of one unit that has the least error, where that is at most
/// half of all kept's (squared: a quarter). Empty without such a one.
std::optional<Trial> find_start(const Space& space, const std::vector<Trial>& trials);

/// `space` with what `start` lowers beyond all kept Lowered.
Space starting_from(const Space& space, const Assignment& start);

/// `space`, or starting_from() what its probes started from: the start of a later probe.
Space probed_space(const Space& space, const std::vector<Trial>& trials);

}  // namespace keel::search
