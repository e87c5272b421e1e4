#include <algorithm>
#include <limits>

#include "compiler/base/host_type.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/windows.h"

// MaxPool that says where each maximum was, and of any dtype; MaxUnpool, which puts them back.

namespace keel::kernels {
namespace {

bool supports_pool(const Call& call) {
  const auto* op = std::get_if<ir::Pool>(&call.op);
  return op && op->kind == ir::PoolKind::MaxPool;
}

// An offset in the spatial axes, in row-major order or with the first axis fastest.
std::int64_t place_of(const Shape& position, const Shape& spatial, bool column_major) {
  std::int64_t place = 0;
  for (std::size_t i = 0; i < spatial.size(); ++i) {
    const std::size_t axis = column_major ? spatial.size() - 1 - i : i;
    place = place * spatial[axis] + position[axis];
  }
  return place;
}

Result<std::vector<Tensor>> run_pool(const Call& call) {
  const auto& op = std::get<ir::Pool>(call.op);
  KEEL_TRY(const ir::Window window, pool_window(call));
  const Tensor& x = *call.inputs[0];
  const Shape spatial = spatial_of(x.shape());
  const Shape strides = row_major_strides(spatial);
  const std::int64_t plane = element_count(spatial);
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  Tensor places(DType::I64, call.outputs[0].shape);
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    auto value = y.fill<T>().begin();
    auto place = places.fill<std::int64_t>().begin();
    for_each_index(y.shape(), [&](const Shape& out) {
      const std::int64_t base = (out[0] * x.shape()[1] + out[1]) * plane;
      T best = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                    : std::numeric_limits<T>::lowest();
      std::int64_t at = -1;
      Shape position = spatial;
      for_each_index(window.kernel, [&](const Shape& tap) {
        for (std::size_t i = 0; i < spatial.size(); ++i) {
          position[i] =
              out[2 + i] * window.strides[i] - window.pads_begin[i] + tap[i] * window.dilations[i];
          if (position[i] < 0 || position[i] >= spatial[i]) return;
        }
        const T here = x.as<T>()[static_cast<std::size_t>(base) + offset_of(position, strides)];
        if (at >= 0 && !(here > best) && here == here) return;
        best = here;
        at = base + place_of(position, spatial, op.column_major);
      });
      *value++ = best;
      *place++ = at;
    });
  });
  std::vector<Tensor> outputs{std::move(y), std::move(places)};
  outputs.resize(call.outputs.size());
  return outputs;
}

bool supports_unpool(const Call& call) { return std::holds_alternative<ir::MaxUnpool>(call.op); }

// The places are those of the pooled tensor itself, whose extents a given shape may enlarge.
Result<std::vector<Tensor>> run_unpool(const Call& call) {
  const auto& op = std::get<ir::MaxUnpool>(call.op);
  const Tensor& x = *call.inputs[0];
  const Shape& shape = call.outputs[0].shape;
  Shape pooled = x.shape();
  for (std::size_t i = 0; i < op.kernel.size(); ++i) {
    const std::int64_t stride = op.strides.empty() ? 1 : op.strides[i];
    const std::int64_t pads = op.pads.empty() ? 0 : op.pads[i] + op.pads[op.kernel.size() + i];
    pooled[2 + i] = (pooled[2 + i] - 1) * stride + op.kernel[i] - pads;
  }
  for (std::size_t i = 0; i < shape.size(); ++i) pooled[i] = std::min(pooled[i], shape[i]);
  const Shape strides = row_major_strides(shape);
  const Shape pooled_strides = row_major_strides(pooled);
  Tensor y(raw_dtype(x.dtype()), shape);
  KEEL_TRY(const ir::Ints places,
           checked_indices(ir::name(call.op), *call.inputs[1], element_count(pooled)));
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> to = y.fill<T>();
    std::ranges::fill(to, T{0});
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::int64_t rest = places[i];
      std::size_t at = 0;
      for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        at += static_cast<std::size_t>(rest / pooled_strides[axis] * strides[axis]);
        rest %= pooled_strides[axis];
      }
      to[at] = x.as<T>()[i];
    }
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceMaxPool{"reference-max-pool", supports_pool, run_pool};
const Kernel kReferenceMaxUnpool{"reference-max-unpool", supports_unpool, run_unpool};

}  // namespace keel::kernels
