#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/take.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) { return std::holds_alternative<ir::Gather>(call.op); }

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(std::get<ir::Gather>(call.op).axis, x.shape().size());
  const std::int64_t extent = x.shape()[axis];
  KEEL_TRY(const ir::Ints indices, checked_indices("Gather", *call.inputs[1], extent));
  return Tensors{take(x, axis, indices).reshaped(call.outputs[0].shape)};
}

}  // namespace

const Kernel kLayoutGather{"layout-gather", supports, run};

}  // namespace keel::kernels
