#include <algorithm>
#include <array>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/strided_copy.h"

// Operators whose result is the input read with other strides: Transpose, Slice, Expand, Tile,
// Split.

namespace keel::kernels {
namespace {

template <class Op>
bool supports(const Call& call) {
  return std::holds_alternative<Op>(call.op);
}

// Elements of `x` from `offset` on, read as `shape` with `strides`.
Tensor read(const Tensor& x, const Shape& shape, std::int64_t offset, const Shape& strides) {
  Tensor y(x.dtype(), shape);
  if (y.size() == 0) return y;
  const std::size_t element_bytes = host_size_of(x.dtype());
  std::byte* to = fill_bytes(y).data();
  strided_copy(shape, element_bytes, to, row_major_strides(shape),
               x.bytes().data() + offset * static_cast<std::int64_t>(element_bytes), strides);
  return y;
}

Result<Tensors> run_transpose(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const ir::Ints& perm = std::get<ir::Transpose>(call.op).perm;
  Shape strides = row_major_strides(x.shape());
  if (perm.empty()) {
    std::ranges::reverse(strides);
  } else {
    const Shape own = strides;
    for (std::size_t i = 0; i < perm.size(); ++i)
      strides[i] = own[static_cast<std::size_t>(perm[i])];
  }
  return Tensors{read(x, call.outputs[0].shape, 0, strides)};
}

Result<Tensors> run_slice(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::array parameters{call.inputs[1], call.inputs[2], optional_input(call, 3),
                              optional_input(call, 4)};
  KEEL_TRY(const ir::SliceRange range, ir::resolve_slice(x.shape(), parameters));
  Shape strides = row_major_strides(x.shape());
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    offset += range.starts[i] * strides[i];
    strides[i] *= range.steps[i];
  }
  return Tensors{read(x, range.extents, offset, strides)};
}

Result<Tensors> run_expand(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Shape& shape = call.outputs[0].shape;
  return Tensors{read(x, shape, 0, broadcast_strides(x.shape(), shape))};
}

// Each axis as two, of which the first repeats the second.
Result<Tensors> run_tile(const Call& call) {
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const ir::Ints repeats, ir::ints_of(*call.inputs[1]));
  const Shape own = row_major_strides(x.shape());
  Shape shape, strides;
  for (std::size_t i = 0; i < own.size(); ++i) {
    shape.insert(shape.end(), {repeats[i], x.shape()[i]});
    strides.insert(strides.end(), {0, own[i]});
  }
  return Tensors{read(x, shape, 0, strides).reshaped(call.outputs[0].shape)};
}

Result<Tensors> run_split(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Shape strides = row_major_strides(x.shape());
  const std::size_t axis = axis_index(std::get<ir::Split>(call.op).axis, strides.size());
  Tensors parts;
  std::int64_t offset = 0;
  for (const TensorType& part : call.outputs) {
    parts.push_back(read(x, part.shape, offset, strides));
    offset += part.shape[axis] * strides[axis];
  }
  return parts;
}

}  // namespace

const Kernel kLayoutTranspose{"layout-transpose", supports<ir::Transpose>, run_transpose};
const Kernel kLayoutSlice{"layout-slice", supports<ir::Slice>, run_slice};
const Kernel kLayoutExpand{"layout-expand", supports<ir::Expand>, run_expand};
const Kernel kLayoutTile{"layout-tile", supports<ir::Tile>, run_tile};
const Kernel kLayoutSplit{"layout-split", supports<ir::Split>, run_split};

}  // namespace keel::kernels
