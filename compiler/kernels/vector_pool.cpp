#include <algorithm>
#include <array>
#include <limits>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lanes.h"
#include "compiler/kernels/windows.h"

// Row-major planes of floats as they are, and those of blocks of channels. oneDNN's pooling starts
// its maximum at the lowest finite float, drops NaN, and has no vector code for large row-major
// planes.

namespace keel::kernels {
namespace {

using ir::PoolKind;

// What a plane is made of: a float, or a block of channels.
using Block8 __attribute__((vector_size(8 * sizeof(float)), may_alias)) = float;
using Block16 __attribute__((vector_size(16 * sizeof(float)), may_alias)) = float;

constexpr std::size_t kAxes = 3;  // depth, height, width; missing ones have extent 1

struct Axis {
  std::int64_t extent = 1, output = 1, kernel = 1, stride = 1, dilation = 1, pad = 0;

  // Where tap `tap` of window `window` lies; outside [0, extent) in the padding.
  std::int64_t position(std::int64_t window, std::int64_t tap) const {
    return window * stride + tap * dilation - pad;
  }
  bool holds(std::int64_t at) const { return at >= 0 && at < extent; }
};

using Plane = std::array<Axis, kAxes>;

Plane plane_of(const ir::Window& window, const Shape& spatial) {
  Plane plane;
  for (std::size_t i = 0; i < spatial.size(); ++i)
    plane[kAxes - spatial.size() + i] = {spatial[i],          window.output[i],
                                         window.kernel[i],    window.strides[i],
                                         window.dilations[i], window.pads_begin[i]};
  return plane;
}

// Windows [first, last) whose tap `tap` lies in the row.
struct Range {
  std::int64_t first, last;
};
Range windows_inside(const Axis& axis, std::int64_t tap) {
  const std::int64_t shift = axis.pad - tap * axis.dilation;
  const auto ceil_div = [&](std::int64_t a) {
    return a <= 0 ? 0 : (a + axis.stride - 1) / axis.stride;
  };
  return {std::min(ceil_div(shift), axis.output),
          std::min(ceil_div(axis.extent + shift), axis.output)};
}

// Floats of cells one by one: operations on a whole block are taken apart for the narrowest
// instruction set before the loop is compiled for wider ones.
template <class Cell, class Join>
inline __attribute__((always_inline)) void join_cell(const Cell& from, Cell& to, Join join) {
  constexpr std::size_t kFloats = sizeof(Cell) / sizeof(float);
  const float* __restrict x = reinterpret_cast<const float*>(&from);
  float* __restrict y = reinterpret_cast<float*>(&to);
  for (std::size_t i = 0; i < kFloats; ++i) y[i] = join(y[i], x[i]);
}

template <class Cell, class Join>
inline __attribute__((always_inline)) void join_row(const Axis& axis, const Cell* row, Cell* out,
                                                    Join join) {
  for (std::int64_t tap = 0; tap < axis.kernel; ++tap) {
    const Range range = windows_inside(axis, tap);
    const Cell* at = row + tap * axis.dilation - axis.pad;
    // Strides of 1 and 2 as constants, so that the loops become loads and shuffles.
    if (axis.stride == 1) {
      for (std::int64_t i = range.first; i < range.last; ++i) join_cell(at[i], out[i], join);
    } else if (axis.stride == 2) {
      for (std::int64_t i = range.first; i < range.last; ++i) join_cell(at[2 * i], out[i], join);
    } else {
      for (std::int64_t i = range.first; i < range.last; ++i)
        join_cell(at[i * axis.stride], out[i], join);
    }
  }
}

template <class Cell, class Join>
KEEL_WIDE void join_plane(const Plane& plane, const Cell* x, Cell* y, float start, Join join) {
  const auto& [depth, height, width] = plane;
  for (std::int64_t od = 0; od < depth.output; ++od)
    for (std::int64_t oh = 0; oh < height.output; ++oh, y += width.output) {
      for (std::int64_t i = 0; i < width.output; ++i) y[i] = start + Cell{};
      for (std::int64_t kd = 0; kd < depth.kernel; ++kd)
        for (std::int64_t kh = 0; kh < height.kernel; ++kh) {
          const std::int64_t d = depth.position(od, kd);
          const std::int64_t h = height.position(oh, kh);
          if (depth.holds(d) && height.holds(h))
            join_row(width, x + (d * height.extent + h) * width.extent, y, join);
        }
    }
}

// One window that is the whole plane: a reduction.
template <class Cell, class Join>
KEEL_WIDE void join_whole(const Cell* x, Cell* y, std::int64_t planes, std::size_t size,
                          float start, Join join) {
  for (std::int64_t i = 0; i < planes; ++i)
    y[i] = reduce_lanes(
        x + i * static_cast<std::int64_t>(size), size, start, [](const Cell& v) { return v; },
        [&](Cell a, const Cell& b) {
          join_cell(b, a, join);
          return a;
        });
}

// Of all cells of x to those of y.
template <class Cell, class Join>
void join_all(const Plane& plane, std::span<const Cell> x, std::span<Cell> y, float start,
              Join join) {
  std::int64_t size = 1;
  std::int64_t output = 1;
  bool is_whole = true;
  for (const Axis& axis : plane) {
    size *= axis.extent;
    output *= axis.output;
    is_whole = is_whole && axis.output == 1 && axis.kernel == axis.extent && axis.pad == 0 &&
               axis.dilation == 1;
  }
  const std::int64_t planes = static_cast<std::int64_t>(y.size()) / output;
  if (is_whole)
    return join_whole(x.data(), y.data(), planes, static_cast<std::size_t>(size), start, join);
  for (std::int64_t i = 0; i < planes; ++i)
    join_plane(plane, x.data() + i * size, y.data() + i * output, start, join);
}

// Cells each window along an axis divides by. Declared padding counts if asked for; what ceil_mode
// adds beyond it never does.
std::vector<float> divisors(const Axis& axis, std::int64_t pad_end, bool count_include_pad) {
  std::vector<float> counts;
  for (std::int64_t window = 0; window < axis.output; ++window) {
    float count = 0;
    for (std::int64_t tap = 0; tap < axis.kernel; ++tap) {
      const std::int64_t at = axis.position(window, tap);
      count += (count_include_pad ? at < axis.extent + pad_end : axis.holds(at)) ? 1.0f : 0.0f;
    }
    counts.push_back(count);
  }
  return counts;
}

template <class Cell>
void divide(const Plane& plane, const ir::Window& window, bool count_include_pad,
            std::span<Cell> y) {
  std::array<std::vector<float>, kAxes> of_axis;
  for (std::size_t i = 0; i < kAxes; ++i) {
    const std::size_t missing = kAxes - window.pads_end.size();
    const std::int64_t pad_end = i < missing ? 0 : window.pads_end[i - missing];
    of_axis[i] = divisors(plane[i], pad_end, count_include_pad);
  }
  auto value = y.begin();
  while (value != y.end())
    for (const float depth : of_axis[0])
      for (const float height : of_axis[1])
        for (const float width : of_axis[2]) *value++ /= depth * height * width;
}

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Pool>(&call.op);
  return op && takes_floats(call) && call.outputs.size() == 1 && op->kind != PoolKind::LpPool &&
         op->kind != PoolKind::GlobalLpPool && call.inputs[0]->shape().size() <= 2 + kAxes &&
         element_count(call.outputs[0].shape) > 0;
}

template <class Cell>
std::span<const Cell> cells_of(const Tensor& x) {
  return {reinterpret_cast<const Cell*>(x.bytes().data()), x.bytes().size() / sizeof(Cell)};
}

template <class Cell>
void pool(const Call& call, const ir::Window& window, std::span<float> values) {
  const auto& op = std::get<ir::Pool>(call.op);
  const std::span<const Cell> x = cells_of<Cell>(*call.inputs[0]);
  const std::span<Cell> y{reinterpret_cast<Cell*>(values.data()),
                          values.size_bytes() / sizeof(Cell)};
  const Plane plane = plane_of(window, spatial_of(call.inputs[0]->shape()));
  switch (op.kind) {
    case PoolKind::MaxPool:
    case PoolKind::GlobalMaxPool:
      join_all(plane, x, y, -std::numeric_limits<float>::infinity(),
               [](float a, float b) { return larger(a, b); });
      return;
    case PoolKind::AveragePool:
    case PoolKind::GlobalAveragePool:
      join_all(plane, x, y, 0, [](float a, float b) { return a + b; });
      divide(plane, window, op.count_include_pad, y);
      return;
    case PoolKind::LpPool:
    case PoolKind::GlobalLpPool:
      break;
  }
  KEEL_CHECK(false && "supports() refuses these");
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const ir::Window window, pool_window(call));
  const Shape& shape = call.outputs[0].shape;
  const std::int64_t block = call.inputs[0]->block();
  Tensor y(DType::F32, block == 0 ? shape : block_shape(shape, block));
  if (block == 0) {
    pool<float>(call, window, y.fill<float>());
    return Tensors{std::move(y)};
  }
  if (block == 8)
    pool<Block8>(call, window, y.fill<float>());
  else
    pool<Block16>(call, window, y.fill<float>());
  return Tensors{Tensor::in_blocks(std::move(y), shape)};
}

}  // namespace

const Kernel kVectorPool{"vector-pool", supports, run, /*takes_blocks=*/true};

}  // namespace keel::kernels
