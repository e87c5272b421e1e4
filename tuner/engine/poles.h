#pragma once

#include <string>
#include <vector>

#include "profiler/accuracy/ranges.h"
#include "tuner/engine/target.h"
#include "tuner/search/space.h"

namespace keel::engine {

/// An operator with a pole at zero whose operand may be zero when lowered.
struct Pole {
  std::string name;  ///< "Log 'stft/log'"
  search::PoleGroup group;
};

/// The poles of the prepared graph: Log, Reciprocal, Div by, Pow with a negative exponent.
///
/// Upwards from the operand, past operators that hand a zero on, stands a floor (Max, Add or Clip
/// with a constant above zero) or none. A floor that the lowered dtype can hold keeps zeros away:
/// no pole. One that it rounds to zero is lost: the group is the units from the floor to the
/// operator. Without a floor the group is the units along the tensors that underflow on some
/// sample, if any.
///
/// \param ranges  by ValueId, counted in lowered_dtypes()
std::vector<Pole> find_poles(const Target& target, const std::vector<accuracy::Range>& ranges);

}  // namespace keel::engine
