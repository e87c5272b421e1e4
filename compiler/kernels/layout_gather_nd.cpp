#include <cstring>

#include "compiler/kernels/index_rows.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const IndexRows rows, index_rows("GatherND", x.shape(), *call.inputs[1],
                                            std::get<ir::GatherNd>(call.op).batch_dims));
  Tensor y(x.dtype(), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  const std::int64_t bytes = rows.slice_size * static_cast<std::int64_t>(host_size_of(x.dtype()));
  std::byte* to = fill_bytes(y).data();
  for (const std::int64_t slice : rows.slices) {
    std::memcpy(to, x.bytes().data() + slice * bytes, static_cast<std::size_t>(bytes));
    to += bytes;
  }
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutGatherNd{
    "layout-gather-nd",
    [](const Call& call) { return std::holds_alternative<ir::GatherNd>(call.op); }, run};

}  // namespace keel::kernels
