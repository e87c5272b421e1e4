#include <algorithm>
#include <climits>
#include <cstring>

#include "compiler/base/host_type.h"
#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/resize_taps.h"

// Resampling is separable: one pass for each axis that changes.

namespace keel::kernels {
namespace {

using ir::ResizeMode;

// Resamples the middle of [outer, input, inner].
struct Pass {
  std::int64_t outer, input, output, inner;
  std::int64_t count;
  // Tap t of element i is at t * output + i, so that a row reads them in order.
  std::vector<std::int32_t> indices;
  std::vector<float> weights;

  std::int64_t result_size() const { return outer * output * inner; }
};

// The sum of two rows, on top of what is there or not. Every interpolation has an even number of
// taps.
KEEL_WIDE void blend(const float* a, const float* b, float a_weight, float b_weight, bool adds,
                     float* y, std::int64_t count) {
  if (adds) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = y[i] + a_weight * a[i] + b_weight * b[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) y[i] = a_weight * a[i] + b_weight * b[i];
  }
}

KEEL_WIDE void blend_at(const float* x, const std::int32_t* a, const std::int32_t* b,
                        const float* a_weights, const float* b_weights, bool adds, float* y,
                        std::int64_t count) {
  if (adds) {
    for (std::int64_t i = 0; i < count; ++i)
      y[i] = y[i] + a_weights[i] * x[a[i]] + b_weights[i] * x[b[i]];
  } else {
    for (std::int64_t i = 0; i < count; ++i) y[i] = a_weights[i] * x[a[i]] + b_weights[i] * x[b[i]];
  }
}

void run_pass(const Pass& pass, const float* x, float* y) {
  for (std::int64_t o = 0; o < pass.outer; ++o) {
    const float* from = x + o * pass.input * pass.inner;
    float* to = y + o * pass.output * pass.inner;
    for (std::int64_t t = 0; t < pass.count; t += 2) {
      const std::int32_t* a = pass.indices.data() + t * pass.output;
      const std::int32_t* b = a + pass.output;
      const float* a_weights = pass.weights.data() + t * pass.output;
      const float* b_weights = a_weights + pass.output;
      if (pass.inner == 1) {
        blend_at(from, a, b, a_weights, b_weights, t > 0, to, pass.output);
        continue;
      }
      for (std::int64_t i = 0; i < pass.output; ++i)
        blend(from + a[i] * pass.inner, from + b[i] * pass.inner, a_weights[i], b_weights[i], t > 0,
              to + i * pass.inner, pass.inner);
    }
  }
}

Pass pass_of(const ResizeTaps& taps, std::int64_t outer, std::int64_t input, std::int64_t output,
             std::int64_t inner) {
  Pass pass{outer, input, output, inner, taps.count, {}, {}};
  for (std::int64_t t = 0; t < taps.count; ++t)
    for (std::int64_t i = 0; i < output; ++i) {
      const auto at = static_cast<std::size_t>(i * taps.count + t);
      pass.indices.push_back(static_cast<std::int32_t>(taps.indices[at]));
      pass.weights.push_back(static_cast<float>(taps.weights[at]));
    }
  return pass;
}

std::int64_t product(const Shape& shape, std::size_t first, std::size_t last) {
  return element_count({shape.begin() + static_cast<std::ptrdiff_t>(first),
                        shape.begin() + static_cast<std::ptrdiff_t>(last)});
}

// Plane by plane from the first axis that changes, so that what is between two passes stays in
// cache; the innermost axis first, when there are fewest elements to gather.
void interpolate(const std::vector<ResizeTaps>& taps, const Tensor& x, Tensor& y) {
  const std::size_t rank = taps.size();
  std::size_t first = 0;
  while (first < rank && taps[first].is_identity) ++first;
  const std::int64_t planes = product(x.shape(), 0, first);
  const std::int64_t x_plane = product(x.shape(), first, rank);
  const std::int64_t y_plane = product(y.shape(), first, rank);
  Shape extents = x.shape();
  std::vector<Pass> passes;
  std::size_t between = 0;
  for (std::size_t axis = rank; axis-- > first;) {
    if (taps[axis].is_identity) continue;
    passes.push_back(pass_of(taps[axis], product(extents, first, axis), extents[axis],
                             y.shape()[axis], product(extents, axis + 1, rank)));
    extents[axis] = y.shape()[axis];
    between = std::max(between, static_cast<std::size_t>(passes.back().result_size()));
  }
  const float* from_all = x.as<float>().data();
  float* to_all = y.fill<float>().data();
  if (passes.empty()) {
    std::copy_n(from_all, x.size(), to_all);
    return;
  }
  std::vector<float> scratch[2];
  if (passes.size() > 1) scratch[0].resize(between);
  if (passes.size() > 2) scratch[1].resize(between);
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    const float* from = from_all + plane * x_plane;
    for (std::size_t i = 0; i < passes.size(); ++i) {
      const bool is_last = i + 1 == passes.size();
      float* to = is_last ? to_all + plane * y_plane : scratch[i % 2].data();
      run_pass(passes[i], from, to);
      from = to;
    }
  }
}

// Row by row of the last axis that changes; a row that is read again is copied from the result.
template <class T>
void copy_nearest(const std::vector<ResizeTaps>& taps, const Tensor& x, Tensor& y) {
  const std::size_t rank = taps.size();
  std::size_t last = rank;
  while (last > 0 && taps[last - 1].is_identity) --last;
  const T* from = x.as<T>().data();
  T* to = y.fill<T>().data();
  if (last == 0) {
    std::copy_n(from, x.size(), to);
    return;
  }
  const Shape strides = row_major_strides(x.shape());
  const std::int64_t inner = product(x.shape(), last, rank);
  const std::vector<std::int64_t>& row_indices = taps[last - 1].indices;
  const std::int64_t length = y.shape()[last - 1] * inner;
  const T* previous = nullptr;
  for_each_index({y.shape().begin(), y.shape().begin() + static_cast<std::ptrdiff_t>(last) - 1},
                 [&](const Shape& index) {
                   const T* row = from;
                   for (std::size_t i = 0; i < index.size(); ++i)
                     row += taps[i].indices[static_cast<std::size_t>(index[i])] * strides[i];
                   if (row == previous) {
                     std::copy_n(to - length, length, to);
                   } else if (inner == 1) {
                     for (std::int64_t i = 0; i < length; ++i)
                       to[i] = row[row_indices[static_cast<std::size_t>(i)]];
                   } else {
                     T* block = to;
                     for (const std::int64_t i : row_indices)
                       block = std::copy_n(row + i * inner, inner, block);
                   }
                   previous = row;
                   to += length;
                 });
}

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Resize>(&call.op);
  if (!op || op->coordinates == ir::ResizeCoordinates::TfCropAndResize) return false;
  const Shape& shape = call.inputs[0]->shape();
  return op->mode == ResizeMode::Nearest ||
         (is_tunable_float(call.inputs[0]->dtype()) &&
          std::ranges::all_of(shape, [](std::int64_t extent) { return extent <= INT_MAX; }));
}

Result<Tensors> run(const Call& call) {
  const Tensor& x = *call.inputs[0];
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  if (y.size() == 0) return Tensors{std::move(y)};
  KEEL_TRY(const std::vector<ResizeTaps> taps, resize_taps(call));
  if (std::get<ir::Resize>(call.op).mode == ResizeMode::Nearest) {
    with_host_type(x.dtype(), [&](auto type) { copy_nearest<decltype(type)>(taps, x, y); });
  } else {
    interpolate(taps, x, y);
  }
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kVectorResize{"vector-resize", supports, run};

}  // namespace keel::kernels
