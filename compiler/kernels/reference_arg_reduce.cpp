#include <algorithm>

#include "compiler/base/host_type.h"
#include "compiler/kernels/axis_lines.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// Operators that look for the extreme of each line: ArgMax, ArgMin and Hardmax.

namespace keel::kernels {
namespace {

// Where the largest of `length` elements, or the smallest, is; NaN counts as beyond either.
template <class T>
std::int64_t extreme(const T* line, std::int64_t length, std::int64_t step, bool smallest,
                     bool select_last) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < length; ++i) {
    const T value = line[i * step];
    const T held = line[best * step];
    const bool both_nan = value != value && held != held;
    const bool is_equal = value == held || both_nan;
    const bool is_beyond =
        (smallest ? value < held : value > held) || (value != value && !both_nan);
    if (is_beyond || (is_equal && select_last)) best = i;
  }
  return best;
}

Result<Tensors> run_arg_reduce(const Call& call) {
  const auto& op = std::get<ir::ArgReduce>(call.op);
  const Tensor& x = *call.inputs[0];
  const AxisLines lines = lines_along(x.shape(), op.axis);
  Tensor y(DType::I64, call.outputs[0].shape);
  auto result = y.fill<std::int64_t>().begin();
  with_host_type(x.dtype(), [&](auto type) {
    const auto* elements = x.as<decltype(type)>().data();
    lines.for_each([&](std::int64_t start) {
      *result++ = extreme(elements + start, lines.length, lines.inner,
                          op.kind == ir::ArgReduceKind::ArgMin, op.select_last);
    });
  });
  return Tensors{std::move(y)};
}

Result<Tensors> run_hardmax(const Call& call) {
  const auto& op = std::get<ir::Hardmax>(call.op);
  const Tensor& x = *call.inputs[0];
  const AxisLines lines = lines_along(x.shape(), op.axis, op.flatten);
  Tensor y(raw_dtype(x.dtype()), x.shape());
  if (y.size() == 0) return Tensors{std::move(y)};
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> result = y.fill<T>();
    std::ranges::fill(result, T{0});
    lines.for_each([&](std::int64_t start) {
      const std::int64_t i =
          extreme(x.as<T>().data() + start, lines.length, lines.inner, false, false);
      result[static_cast<std::size_t>(start + i * lines.inner)] = T{1};
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceArgReduce{
    "reference-arg-reduce",
    [](const Call& call) { return std::holds_alternative<ir::ArgReduce>(call.op); },
    run_arg_reduce};

const Kernel kReferenceHardmax{
    "reference-hardmax",
    [](const Call& call) { return std::holds_alternative<ir::Hardmax>(call.op); }, run_hardmax};

}  // namespace keel::kernels
