#include <algorithm>
#include <concepts>
#include <utility>

#include "compiler/base/host_type.h"
#include "compiler/kernels/axis_lines.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// Operators that make a tensor from few values: OneHot, EyeLike and Range.

namespace keel::kernels {
namespace {

template <class Op>
bool supports(const Call& call) {
  return std::holds_alternative<Op>(call.op);
}

// The class an index means, or -1 for one out of range, which is on nowhere.
template <class T>
std::int64_t class_of(T index, std::int64_t depth) {
  if constexpr (std::floating_point<T>) {
    const auto bound = static_cast<T>(depth);
    if (!(index >= -bound && index < bound)) return -1;
  } else {
    if (std::cmp_less(index, -depth) || std::cmp_greater_equal(index, depth)) return -1;
  }
  const auto whole = static_cast<std::int64_t>(index);
  return whole < 0 ? whole + depth : whole;
}

template <class Value>
void fill_one_hot(const Tensor& indices, const AxisLines& lines, std::span<const Value> off_on,
                  std::span<Value> result) {
  std::ranges::fill(result, off_on[0]);
  with_host_type(indices.dtype(), [&](auto type) {
    using Index = decltype(type);
    auto index = indices.as<Index>().begin();
    lines.for_each([&](std::int64_t start) {
      const std::int64_t hot = class_of<Index>(*index++, lines.length);
      if (hot >= 0) result[static_cast<std::size_t>(start + hot * lines.inner)] = off_on[1];
    });
  });
}

Result<Tensors> run_one_hot(const Call& call) {
  const Tensor& values = *call.inputs[2];
  Tensor y(raw_dtype(values.dtype()), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  const AxisLines lines = lines_along(y.shape(), std::get<ir::OneHot>(call.op).axis);
  with_host_type(values.dtype(), [&](auto type) {
    using T = decltype(type);
    fill_one_hot<T>(*call.inputs[0], lines, values.as<T>(), y.fill<T>());
  });
  return Tensors{std::move(y)};
}

Result<Tensors> run_eye_like(const Call& call) {
  const std::int64_t k = std::get<ir::EyeLike>(call.op).k;
  Tensor y(raw_dtype(call.outputs[0].dtype), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  with_host_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    auto element = y.fill<T>().begin();
    for (std::int64_t i = 0; i < y.shape()[0]; ++i)
      for (std::int64_t j = 0; j < y.shape()[1]; ++j)
        *element++ = static_cast<T>(j - i == k ? 1 : 0);
  });
  return Tensors{std::move(y)};
}

// Each element from the start, so that no rounding error grows along the range.
Result<Tensors> run_range(const Call& call) {
  const DType dtype = call.inputs[0]->dtype();
  Tensor y(raw_dtype(dtype), call.outputs[0].shape);
  with_host_type(dtype, [&](auto type) {
    using T = decltype(type);
    const T start = call.inputs[0]->as<T>()[0];
    const T delta = call.inputs[2]->as<T>()[0];
    std::uint64_t i = 0;
    for (T& element : y.fill<T>()) {
      if constexpr (std::floating_point<T>)
        element = static_cast<T>(static_cast<double>(start) +
                                 static_cast<double>(i) * static_cast<double>(delta));
      else
        element = static_cast<T>(static_cast<std::uint64_t>(start) +
                                 i * static_cast<std::uint64_t>(delta));
      ++i;
    }
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceOneHot{"reference-one-hot", supports<ir::OneHot>, run_one_hot};
const Kernel kReferenceEyeLike{"reference-eye-like", supports<ir::EyeLike>, run_eye_like};
const Kernel kReferenceRange{"reference-range", supports<ir::Range>, run_range};

}  // namespace keel::kernels
