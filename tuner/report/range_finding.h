#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "profiler/accuracy/ranges.h"

namespace keel::report {

/// What a node does with a tensor that lowering rounds.
enum class TensorRole : std::uint8_t { Input, Result, Constant };

/// A tensor of which elements are lost when its node is lowered: what makes a unit suspect.
struct RangeFinding {
  std::string node;         ///< takes or makes the tensor
  std::string ascend_type;  ///< of the node
  std::string tensor;
  TensorRole role = TensorRole::Input;
  DType dtype = DType::F16;  ///< what lowering rounds it to
  accuracy::Range range;     ///< in fp32, with the losses in `dtype`
};

/// "Log input underflows to 0 on 31 of 48 samples (2.3 % of its elements in f16)"; of a constant,
/// which is the same in every sample, "Maximum constant underflows to 0 (100 % of its elements in
/// f16)".
std::string sentence(const RangeFinding& finding);

/// The finding that explains most: an overflow before an underflow, then the larger share of
/// samples, of elements, then the first. Null where there is none.
const RangeFinding* worst(std::span<const RangeFinding> findings);

/// "input", "result", "constant".
std::string_view name(TensorRole role);

/// Calls put(name, value) with each figure of a range, under the names that every JSON file has.
/// A tensor of zeros has no smallest_nonzero.
template <class Put>
void for_each_figure(const accuracy::Range& range, Put put) {
  put("largest", range.largest);
  if (range.largest > 0) put("smallest_nonzero", range.smallest_nonzero);
  put("overflow_share", range.overflow_share());
  put("underflow_share", range.underflow_share());
  put("elements", range.elements);
  put("non_finite", range.non_finite);
  put("samples", range.samples);
  put("samples_overflowing", range.samples_overflowing);
  put("samples_underflowing", range.samples_underflowing);
}

}  // namespace keel::report
