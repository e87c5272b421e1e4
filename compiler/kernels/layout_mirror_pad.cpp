#include <algorithm>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/take.h"

// Pad with mode reflect, edge or wrap, an axis at a time.

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Pad>(&call.op);
  return op && op->mode != ir::PadMode::Constant;
}

// Position in [0, extent) of the element that stands at `i` of the line continued on both sides.
std::int64_t source(ir::PadMode mode, std::int64_t i, std::int64_t extent) {
  if (mode == ir::PadMode::Edge || extent == 1) return std::clamp<std::int64_t>(i, 0, extent - 1);
  const std::int64_t period = mode == ir::PadMode::Wrap ? extent : 2 * (extent - 1);
  const std::int64_t phase = (i % period + period) % period;
  return mode == ir::PadMode::Wrap ? phase : std::min(phase, period - phase);
}

Result<Tensors> run(const Call& call) {
  const ir::PadMode mode = std::get<ir::Pad>(call.op).mode;
  KEEL_TRY(const ir::Ints pads, ir::ints_of(*call.inputs[1]));
  Tensor y = *call.inputs[0];
  const std::size_t rank = y.shape().size();
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t begin = pads[axis];
    const std::int64_t cropped = std::max<std::int64_t>(-begin, 0);
    const std::int64_t left =
        y.shape()[axis] - cropped + std::min<std::int64_t>(pads[rank + axis], 0);
    ir::Ints indices(static_cast<std::size_t>(call.outputs[0].shape[axis]));
    for (std::size_t i = 0; i < indices.size(); ++i)
      indices[i] =
          cropped +
          source(mode, static_cast<std::int64_t>(i) - std::max<std::int64_t>(begin, 0), left);
    if (begin != 0 || pads[rank + axis] != 0) y = take(y, axis, indices);
  }
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutMirrorPad{"layout-mirror-pad", supports, run};

}  // namespace keel::kernels
