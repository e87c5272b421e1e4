#pragma once

#include "compiler/base/wide.h"
#include "compiler/kernels/kernel.h"
#include "compiler/kernels/rows.h"

namespace keel::kernels {

// A loop per pattern of operands that vectorises: both walk, or one stands still.
template <class T, class Out, class F>
inline __attribute__((always_inline)) void map_row(const T* a, std::int64_t a_step, const T* b,
                                                   std::int64_t b_step, Out* out,
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

// Operand i moves by jumps[i] from one row to the next and by steps[i] within it; out has its rows
// end to end. Rows of a block of channels are as short as a vector.
template <class T, class Out, class F>
KEEL_WIDE void map_tile(const T* a, const T* b, Out* out, std::int64_t count,
                        const std::array<std::int64_t, 2>& jumps, std::int64_t length,
                        const std::array<std::int64_t, 2>& steps, F f) {
  const auto [a_step, b_step] = steps;
  if (length == 8 && a_step == 1 && b_step == 1) {
    for (std::int64_t i = 0; i < count; ++i, a += jumps[0], b += jumps[1], out += length)
      for (std::int64_t j = 0; j < 8; ++j) out[j] = f(a[j], b[j]);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i, a += jumps[0], b += jumps[1], out += length)
    map_row(a, a_step, b, b_step, out, length, f);
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
  // The innermost of the outer axes goes with the row.
  Rows<3> tiles = rows;
  std::int64_t count = 1;
  std::array<std::int64_t, 2> jumps{};
  if (!rows.outer.empty() && rows.steps[0] == 1 && rows.outer_strides[0].back() == rows.length) {
    count = tiles.outer.back();
    jumps = {rows.outer_strides[1].back(), rows.outer_strides[2].back()};
    tiles.outer.pop_back();
    for (Shape& strides : tiles.outer_strides) strides.pop_back();
  }
  for_each_row(tiles, [&](const auto& at) {
    map_tile(a + at[1], b + at[2], out + at[0], count, jumps, rows.length,
             {rows.steps[1], rows.steps[2]}, f);
  });
  return y;
}

}  // namespace keel::kernels
