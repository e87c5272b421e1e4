#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

// The elements of one window, in the order they are met.
struct Cells {
  std::vector<float> values;
  std::int64_t in_padding = 0;  ///< cells of the declared padding, not those ceil_mode adds past it
};

Cells cells_of(const ir::Window& window, const Shape& spatial, const Shape& out,
               std::span<const float> plane) {
  Cells cells;
  const Shape strides = row_major_strides(spatial);
  for_each_index(window.kernel, [&](const Shape& tap) {
    Shape position = spatial;
    bool inside = true;
    bool padded = true;
    for (std::size_t i = 0; i < spatial.size(); ++i) {
      position[i] =
          out[2 + i] * window.strides[i] - window.pads_begin[i] + tap[i] * window.dilations[i];
      inside = inside && position[i] >= 0 && position[i] < spatial[i];
      padded = padded && position[i] < spatial[i] + window.pads_end[i];
    }
    if (inside) cells.values.push_back(plane[offset_of(position, strides)]);
    if (!inside && padded) ++cells.in_padding;
  });
  return cells;
}

float largest(const Cells& cells) {
  float result = -std::numeric_limits<float>::infinity();
  for (const float value : cells.values)
    result = value > result || std::isnan(value) ? value : result;
  return result;
}

float average(const Cells& cells, bool count_include_pad) {
  double sum = 0;
  for (const float value : cells.values) sum += static_cast<double>(value);
  const auto inside = static_cast<std::int64_t>(cells.values.size());
  return static_cast<float>(
      sum / static_cast<double>(inside + (count_include_pad ? cells.in_padding : 0)));
}

float p_norm(const Cells& cells, std::int64_t p) {
  double sum = 0;
  for (const float value : cells.values)
    sum += std::pow(std::fabs(static_cast<double>(value)), static_cast<double>(p));
  return static_cast<float>(std::pow(sum, 1 / static_cast<double>(p)));
}

float pooled(const ir::Pool& op, const Cells& cells) {
  using enum ir::PoolKind;
  if (op.kind == MaxPool || op.kind == GlobalMaxPool) return largest(cells);
  if (op.kind == LpPool || op.kind == GlobalLpPool) return p_norm(cells, op.p);
  return average(cells, op.count_include_pad);
}

bool supports(const Call& call) {
  return std::holds_alternative<ir::Pool>(call.op) && takes_floats(call) &&
         call.outputs.size() == 1;
}

Result<std::vector<Tensor>> run(const Call& call) {
  const auto& op = std::get<ir::Pool>(call.op);
  KEEL_TRY(const ir::Window window, pool_window(call));
  const Tensor& x = *call.inputs[0];
  const Shape spatial = spatial_of(x.shape());
  const auto plane_size = static_cast<std::size_t>(element_count(spatial));
  Tensor y(DType::F32, call.outputs[0].shape);
  auto result = y.fill<float>().begin();
  for_each_index(y.shape(), [&](const Shape& out) {
    const auto plane = static_cast<std::size_t>(out[0] * x.shape()[1] + out[1]);
    const Cells cells =
        cells_of(window, spatial, out, x.as<float>().subspan(plane * plane_size, plane_size));
    *result++ = pooled(op, cells);
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferencePool{"reference-pool", supports, run};

}  // namespace keel::kernels
