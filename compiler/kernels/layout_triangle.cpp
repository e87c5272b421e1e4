#include <algorithm>
#include <cstring>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

// Row i keeps columns [i + k, columns) of the upper triangle, [0, i + k] of the lower.
Result<Tensors> run(const Call& call) {
  const bool upper = std::get<ir::Trilu>(call.op).upper;
  const Tensor& x = *call.inputs[0];
  const std::int64_t rows = x.shape()[x.shape().size() - 2];
  const std::int64_t columns = x.shape().back();
  std::int64_t diagonal = 0;
  if (const Tensor* given = optional_input(call, 1)) {
    KEEL_TRY(const ir::Ints k, ir::ints_of(*given));
    diagonal = std::clamp(k[0], -rows - 1, columns + 1);
  }
  Tensor y(x.dtype(), x.shape());
  if (y.size() == 0) return Tensors{std::move(y)};
  const std::span<std::byte> result = fill_bytes(y);
  std::ranges::fill(result, std::byte{0});
  const auto bytes = static_cast<std::int64_t>(host_size_of(x.dtype()));
  for (std::int64_t row = 0; row < x.size() / columns; ++row) {
    const std::int64_t at = row % rows + diagonal;
    const std::int64_t first = upper ? std::clamp<std::int64_t>(at, 0, columns) : 0;
    const std::int64_t last = upper ? columns : std::clamp<std::int64_t>(at + 1, 0, columns);
    const std::int64_t offset = (row * columns + first) * bytes;
    std::memcpy(result.data() + offset, x.bytes().data() + offset,
                static_cast<std::size_t>((last - first) * bytes));
  }
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutTriangle{
    "layout-triangle", [](const Call& call) { return std::holds_alternative<ir::Trilu>(call.op); },
    run};

}  // namespace keel::kernels
