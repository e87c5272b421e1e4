#include <algorithm>
#include <array>

#include "compiler/base/host_type.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// Operators that look at shapes only: Shape, Size and ConstantOfShape.

namespace keel::kernels {
namespace {

Result<Tensors> run_shape_of(const Call& call) {
  const auto& op = std::get<ir::ShapeOf>(call.op);
  const Shape& shape = call.inputs[0]->shape();
  const auto rank = static_cast<std::int64_t>(shape.size());
  const std::int64_t start =
      std::clamp<std::int64_t>(op.start < 0 ? op.start + rank : op.start, 0, rank);
  const auto count = static_cast<std::size_t>(call.outputs[0].shape[0]);
  return Tensors{make_i64(call.outputs[0].shape,
                          std::span(shape).subspan(static_cast<std::size_t>(start), count))};
}

Result<Tensors> run_size_of(const Call& call) {
  return Tensors{make_i64({}, std::array{call.inputs[0]->size()})};
}

Result<Tensors> run_constant_of_shape(const Call& call) {
  const auto& op = std::get<ir::ConstantOfShape>(call.op);
  const Tensor value = cast(make_f32({}, std::span(&op.value, 1)), op.dtype);
  Tensor y(raw_dtype(op.dtype), call.outputs[0].shape);
  with_host_type(op.dtype, [&](auto type) {
    using T = decltype(type);
    std::ranges::fill(y.fill<T>(), value.as<T>()[0]);
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutShapeOf{
    "layout-shape", [](const Call& call) { return std::holds_alternative<ir::ShapeOf>(call.op); },
    run_shape_of};

const Kernel kLayoutSizeOf{
    "layout-size", [](const Call& call) { return std::holds_alternative<ir::SizeOf>(call.op); },
    run_size_of};

const Kernel kLayoutConstantOfShape{
    "layout-constant-of-shape",
    [](const Call& call) { return std::holds_alternative<ir::ConstantOfShape>(call.op); },
    run_constant_of_shape};

}  // namespace keel::kernels
