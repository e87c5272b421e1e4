#pragma once

#include <algorithm>

#include "compiler/kernels/kernel.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {

/// True if every input of the call is F32, F16 or BF16, or every one F64.
inline bool takes_floats_or_doubles(const Call& call) {
  const auto all = [&](auto has) {
    return std::ranges::all_of(call.inputs, [&](const Tensor* t) { return !t || has(t->dtype()); });
  };
  return all(is_tunable_float) || all([](DType dtype) { return dtype == DType::F64; });
}

/// Calls visit(T{}) with the host type of a floating-point dtype: float or double.
template <class Visit>
decltype(auto) with_float_type(DType dtype, Visit&& visit) {
  if (dtype == DType::F64) return visit(double{});
  KEEL_CHECK(is_tunable_float(dtype));
  return visit(float{});
}

/// Element `i` of a floating-point tensor. Too slow for inner loops.
inline double number_at(const Tensor& tensor, std::size_t i) {
  return with_float_type(tensor.dtype(), [&](auto type) {
    return static_cast<double>(tensor.as<decltype(type)>()[i]);
  });
}

}  // namespace keel::kernels
