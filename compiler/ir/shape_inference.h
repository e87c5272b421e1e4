#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/op.h"

namespace keel::ir {

/// What shape inference may know of one input.
struct InputFact {
  bool present = false;  ///< false for an absent optional input
  TensorType type;
  const Tensor* constant = nullptr;  ///< the content where it is known
};

/// Types of the outputs of one node.
///
/// \param op           the operator
/// \param inputs       one fact per input
/// \param output_count how many outputs the node has (Split needs it)
/// \returns            one type per output
/// \error InvalidModel  shapes or attributes contradict each other; `what` gives both values
/// \error Unsupported   a shape depends on data that is not a constant
Result<std::vector<TensorType>> infer_types(const Op& op, std::span<const InputFact> inputs,
                                            std::size_t output_count);

/// More elements than any device has memory for; products below it cannot wrap around.
constexpr std::int64_t kLargestElementCount = std::int64_t{1} << 40;

/// \error InvalidModel  an extent is negative, or the product is above kLargestElementCount
Status check_extents(const Shape& shape);

/// Geometry of a sliding window over `spatial` axes, with automatic padding made explicit.
struct Window {
  Ints kernel, strides, dilations, pads_begin, pads_end, output;
};

/// \param spatial  input extents after batch and channel
/// \error InvalidModel  the kernel is larger than the padded input, or list lengths differ
Result<Window> resolve_window(const Shape& spatial, const Ints& kernel, const Ints& strides,
                              const Ints& dilations, const Ints& pads, AutoPad auto_pad,
                              bool ceil_mode);

/// The same of a ConvTranspose: the window slides over y, whose extents are `output`. The padding a
/// given or automatic shape asks for is at least 0: a larger y has zeros (and its bias) at the end.
/// \error InvalidModel  an extent of y is negative, or list lengths differ
Result<Window> resolve_transposed_window(const Shape& spatial, const Ints& kernel,
                                         const ConvTranspose& op);

/// What a MaxUnpool of x puts back the elements into. \error InvalidModel  as above
Result<Shape> unpooled_shape(const Shape& x, const MaxUnpool& op);

/// Content of an integer constant (i64 or i32) as i64.
/// \error InvalidModel  another dtype
Result<Ints> ints_of(const Tensor& tensor);

/// The axis a Dft transforms, non-negative: that of constant `given`, or null, before op.axis.
/// \error InvalidModel  out of range, or the last one, which holds real and imaginary part
/// \error Unsupported   `given` is no constant
Result<std::size_t> dft_axis(const Dft& op, std::size_t rank, const InputFact* given);

/// Axes made non-negative and sorted. \error InvalidModel  out of [-rank, rank) or repeated
Result<Ints> resolve_axes(const Ints& axes, std::size_t rank);

/// Starts, extents and steps of a Slice, one per axis of `shape`.
struct SliceRange {
  Ints starts, extents, steps;
};
/// \param parameters  starts, ends, axes (or null), steps (or null)
/// \error InvalidModel  list lengths differ, a step is 0, an axis is out of range or repeated
Result<SliceRange> resolve_slice(const Shape& shape, std::span<const Tensor* const> parameters);

}  // namespace keel::ir
