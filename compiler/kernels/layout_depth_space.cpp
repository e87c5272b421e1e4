#include <array>

#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/strided_copy.h"

namespace keel::kernels {
namespace {

// x as six axes and the order in which the result has them.
struct Move {
  Shape axes;
  std::array<std::size_t, 6> order;
};

Move move_of(const ir::DepthSpace& op, const Shape& x) {
  const std::int64_t block = op.block;
  if (op.kind == ir::DepthSpaceKind::SpaceToDepth)
    return {{x[0], x[1], x[2] / block, block, x[3] / block, block}, {0, 3, 5, 1, 2, 4}};
  const std::int64_t channels = x[1] / (block * block);
  if (op.channel_first) return {{x[0], channels, block, block, x[2], x[3]}, {0, 1, 4, 2, 5, 3}};
  return {{x[0], block, block, channels, x[2], x[3]}, {0, 3, 4, 1, 5, 2}};
}

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Move move = move_of(std::get<ir::DepthSpace>(call.op), x.shape());
  const Shape strides = row_major_strides(move.axes);
  Shape shape, from_strides;
  for (const std::size_t axis : move.order) {
    shape.push_back(move.axes[axis]);
    from_strides.push_back(strides[axis]);
  }
  Tensor y(x.dtype(), call.outputs[0].shape);
  if (y.size() > 0)
    strided_copy(shape, host_size_of(x.dtype()), fill_bytes(y).data(), row_major_strides(shape),
                 x.bytes().data(), from_strides);
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutDepthSpace{
    "layout-depth-space",
    [](const Call& call) { return std::holds_alternative<ir::DepthSpace>(call.op); }, run};

}  // namespace keel::kernels
