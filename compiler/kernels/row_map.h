#pragma once

#include "compiler/base/wide.h"
#include "compiler/kernels/kernel.h"
#include "compiler/kernels/rows.h"

namespace keel::kernels {

// A loop per pattern of operands that vectorises: both walk, or one stands still.
template <class T, class Out, class F>
KEEL_WIDE void map_row(const T* a, std::int64_t a_step, const T* b, std::int64_t b_step, Out* out,
                       std::int64_t count, F f) {
  if (a_step == 1 && b_step == 1) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = f(a[i], b[i]);
  } else if (a_step == 1 && b_step == 0) {
    const T still = *b;
    for (std::int64_t i = 0; i < count; ++i) out[i] = f(a[i], still);
  } else if (a_step == 0 && b_step == 1) {
    const T still = *a;
    for (std::int64_t i = 0; i < count; ++i) out[i] = f(still, b[i]);
  } else {
    for (std::int64_t i = 0; i < count; ++i) out[i] = f(a[i * a_step], b[i * b_step]);
  }
}

/// f(a, b) of the two inputs of `call`, broadcast, as the host type `Out` of `dtype`. `f` must be
/// made of what a compiler vectorises.
template <class T, class Out, class F>
Tensor map_rows(const Call& call, DType dtype, F f) {
  const Shape& shape = call.outputs[0].shape;
  Tensor y(dtype, shape);
  const T* a = call.inputs[0]->as<T>().data();
  const T* b = call.inputs[1]->as<T>().data();
  Out* out = y.fill<Out>().data();
  const Rows<3> rows = rows_of<3>(
      shape, {row_major_strides(shape), broadcast_strides(call.inputs[0]->shape(), shape),
              broadcast_strides(call.inputs[1]->shape(), shape)});
  for_each_row(rows, [&](const auto& at) {
    map_row(a + at[1], rows.steps[1], b + at[2], rows.steps[2], out + at[0], rows.length, f);
  });
  return y;
}

}  // namespace keel::kernels
