#pragma once

#include <string>
#include <vector>

#include "profiler/accuracy/ranges.h"
#include "tuner/engine/roundings.h"
#include "tuner/search/space.h"

namespace keel::engine {

/// An operator with a pole at zero whose operand may underflow to zero when lowered.
struct Pole {
  std::string name;  ///< "Log 'stft/log'"
  search::PoleGroup units;
};

/// The poles of the prepared graph: Log, Reciprocal, Div by, Pow with a negative exponent. The
/// group of one holds the free units along the tensors that underflow, from the operator up to
/// where none does or where a constant holds the values above zero (Max, Add or Clip with one).
/// Operators whose operand does not underflow on any sample are left out.
/// \param ranges  by ValueId, counted in lowered_dtypes()
std::vector<Pole> find_poles(const Target& target, const std::vector<accuracy::Range>& ranges);

}  // namespace keel::engine
