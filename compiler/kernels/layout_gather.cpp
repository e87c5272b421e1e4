#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/take.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) { return std::holds_alternative<ir::Gather>(call.op); }

// Indices come from data at run time, so they are checked here and not only by shape inference.
Result<ir::Ints> checked_indices(const Tensor& tensor, std::int64_t extent) {
  KEEL_TRY(ir::Ints indices, ir::ints_of(tensor));
  for (std::int64_t& index : indices) {
    if (index < -extent || index >= extent)
      return Error{ErrorCode::InvalidModel,
                   "Gather index " + std::to_string(index) + " is outside [" +
                       std::to_string(-extent) + ", " + std::to_string(extent) + ")",
                   "", "feed indices in that range"};
    if (index < 0) index += extent;
  }
  return indices;
}

Result<std::vector<Tensor>> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(std::get<ir::Gather>(call.op).axis, x.shape().size());
  const std::int64_t extent = x.shape()[axis];
  KEEL_TRY(const ir::Ints indices, checked_indices(*call.inputs[1], extent));
  return std::vector<Tensor>{take(x, axis, indices).reshaped(call.outputs[0].shape)};
}

}  // namespace

const Kernel kLayoutGather{"layout-gather", supports, run};

}  // namespace keel::kernels
