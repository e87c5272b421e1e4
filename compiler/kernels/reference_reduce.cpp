#include <cmath>
#include <concepts>
#include <limits>

#include "compiler/base/host_type.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/reduce_axes.h"
#include "compiler/kernels/wide_sum.h"

namespace keel::kernels {
namespace {

using ir::ReduceKind;

template <class T>
WideSum<T> start(ReduceKind kind) {
  using Limits = std::numeric_limits<T>;
  if (kind == ReduceKind::ReduceProd) return 1;
  if (kind == ReduceKind::ReduceMax)
    return static_cast<WideSum<T>>(Limits::has_infinity ? -Limits::infinity() : Limits::lowest());
  if (kind == ReduceKind::ReduceMin)
    return static_cast<WideSum<T>>(Limits::has_infinity ? Limits::infinity() : Limits::max());
  return 0;
}

template <class T>
WideSum<T> step(ReduceKind kind, WideSum<T> sum, T value) {
  const auto wide = static_cast<WideSum<T>>(value);
  const bool is_nan = value != value;
  switch (kind) {
    case ReduceKind::ReduceSum:
    case ReduceKind::ReduceMean:
    case ReduceKind::ReduceLogSum:
      return sum + wide;
    case ReduceKind::ReduceLogSumExp:
      break;  // log_sum_exp
    case ReduceKind::ReduceMax:
      return value > static_cast<T>(sum) || is_nan ? wide : sum;
    case ReduceKind::ReduceMin:
      return value < static_cast<T>(sum) || is_nan ? wide : sum;
    case ReduceKind::ReduceProd:
      return sum * wide;
    case ReduceKind::ReduceSumSquare:
    case ReduceKind::ReduceL2:
      return sum + wide * wide;
    case ReduceKind::ReduceL1:
      return sum + (value < T{0} ? WideSum<T>{0} - wide : wide);
  }
  KEEL_CHECK(false && "a ReduceKind outside its enumeration");
}

// Mean and root start from the sum as T, as they do where the sum is kept in T.
template <class T>
T finish(ReduceKind kind, WideSum<T> sum, std::int64_t count) {
  const T result = static_cast<T>(sum);
  if constexpr (std::floating_point<T>) {
    if (kind == ReduceKind::ReduceMean) return result / static_cast<T>(count);
    if (kind == ReduceKind::ReduceL2) return std::sqrt(result);
    if (kind == ReduceKind::ReduceLogSum) return static_cast<T>(std::log(sum));
  } else {
    using Widest = std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>;
    if (kind == ReduceKind::ReduceMean)
      return static_cast<T>(static_cast<Widest>(sum) / static_cast<Widest>(count));
    // As in double, and cut off to an integer.
    const auto number = static_cast<double>(static_cast<Widest>(sum));
    if (kind == ReduceKind::ReduceL2) return converted<T>(std::sqrt(number));
    if (kind == ReduceKind::ReduceLogSum) return converted<T>(std::log(number));
  }
  return result;
}

// Relative to the largest, so that no exponential overflows.
template <class T>
T log_sum_exp(std::span<const T> x, const Shape& extents, const Shape& strides) {
  double top = -std::numeric_limits<double>::infinity();
  for_each_index(extents, [&](const Shape& index) {
    const auto value = static_cast<double>(x[offset_of(index, strides)]);
    if (value > top || std::isnan(value)) top = value;
  });
  if (std::isinf(top)) return converted<T>(top);
  double sum = 0;
  for_each_index(extents, [&](const Shape& index) {
    sum += std::exp(static_cast<double>(x[offset_of(index, strides)]) - top);
  });
  return converted<T>(top + std::log(sum));
}

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Reduce>(&call.op);
  if (!op) return false;
  const DType dtype = call.inputs[0]->dtype();
  if (is_tunable_float(dtype) || dtype == DType::F64) return true;
  const bool is_wide = size_of(dtype) >= 4;
  return is_wide || op->kind == ReduceKind::ReduceMax || op->kind == ReduceKind::ReduceMin;
}

Result<Tensors> run(const Call& call) {
  const ReduceKind kind = std::get<ir::Reduce>(call.op).kind;
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const AxisFlags is_reduced, reduced_axes(call));
  const Shape x_strides = row_major_strides(x.shape());
  Shape kept, kept_strides, reduced, reduced_strides;
  for (std::size_t i = 0; i < is_reduced.size(); ++i) {
    (is_reduced[i] ? reduced : kept).push_back(x.shape()[i]);
    (is_reduced[i] ? reduced_strides : kept_strides).push_back(x_strides[i]);
  }
  const std::int64_t count = element_count(reduced);
  if (kind == ReduceKind::ReduceMean && count == 0 && x.dtype() != DType::F64 &&
      !is_tunable_float(x.dtype()))
    return Error{ErrorCode::InvalidModel, "ReduceMean of 0 integers", "",
                 "reduce axes that have elements, or floats"};
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    auto result = y.fill<T>().begin();
    for_each_index(kept, [&](const Shape& outer) {
      const std::size_t base = offset_of(outer, kept_strides);
      if (kind == ReduceKind::ReduceLogSumExp) {
        *result++ = log_sum_exp<T>(x.as<T>().subspan(base), reduced, reduced_strides);
        return;
      }
      WideSum<T> sum = start<T>(kind);
      for_each_index(reduced, [&](const Shape& inner) {
        sum = step<T>(kind, sum, x.as<T>()[base + offset_of(inner, reduced_strides)]);
      });
      *result++ = finish<T>(kind, sum, count);
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceReduce{"reference-reduce", supports, run};

}  // namespace keel::kernels
