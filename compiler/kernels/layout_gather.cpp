#include <cstring>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

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
  const auto split = x.shape().begin() + static_cast<std::ptrdiff_t>(axis);
  const std::int64_t outer = element_count({x.shape().begin(), split});
  const std::int64_t slice_bytes = element_count({split + 1, x.shape().end()}) *
                                   static_cast<std::int64_t>(host_size_of(x.dtype()));
  Tensor y(x.dtype(), call.outputs[0].shape);
  if (y.size() == 0) return std::vector<Tensor>{std::move(y)};
  std::byte* to = fill_bytes(y).data();
  for (std::int64_t i = 0; i < outer; ++i)
    for (const std::int64_t index : indices) {
      std::memcpy(to, x.bytes().data() + (i * extent + index) * slice_bytes,
                  static_cast<std::size_t>(slice_bytes));
      to += slice_bytes;
    }
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kLayoutGather{"layout-gather", supports, run};

}  // namespace keel::kernels
