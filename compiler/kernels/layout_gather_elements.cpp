#include "compiler/base/host_type.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Tensor& indices = *call.inputs[1];
  const std::size_t axis = axis_index(std::get<ir::GatherElements>(call.op).axis, x.shape().size());
  KEEL_TRY(const ir::Ints positions, checked_indices("GatherElements", indices, x.shape()[axis]));
  const Shape strides = row_major_strides(x.shape());
  Tensor y(x.dtype(), indices.shape());
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    auto result = y.fill<T>().begin();
    auto position = positions.begin();
    for_each_index(indices.shape(), [&](const Shape& index) {
      const auto own = static_cast<std::int64_t>(offset_of(index, strides));
      *result++ =
          x.as<T>()[static_cast<std::size_t>(own + (*position++ - index[axis]) * strides[axis])];
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutGatherElements{
    "layout-gather-elements",
    [](const Call& call) { return std::holds_alternative<ir::GatherElements>(call.op); }, run};

}  // namespace keel::kernels
