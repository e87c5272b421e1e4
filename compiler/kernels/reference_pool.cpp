#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "compiler/base/host_type.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

// The elements of one window, in the order they are met.
template <class T>
struct Cells {
  std::vector<T> values;
  std::vector<std::int64_t> positions;  ///< of each in its plane
  std::int64_t in_padding = 0;  ///< cells of the declared padding, not those ceil_mode adds past it
};

// Strides of a plane whose last axis is the fastest, or whose first is.
Shape plane_strides(const Shape& spatial, bool column_major) {
  if (!column_major) return row_major_strides(spatial);
  Shape strides = row_major_strides({spatial.rbegin(), spatial.rend()});
  std::ranges::reverse(strides);
  return strides;
}

template <class T>
Cells<T> cells_of(const ir::Window& window, const Shape& spatial, const Shape& out,
                  std::span<const T> plane, const Shape& position_strides) {
  Cells<T> cells;
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
    if (inside) {
      cells.values.push_back(plane[offset_of(position, strides)]);
      cells.positions.push_back(static_cast<std::int64_t>(offset_of(position, position_strides)));
    }
    if (!inside && padded) ++cells.in_padding;
  });
  return cells;
}

// The first of equal ones, NaN being the largest; none in the padding alone.
template <class T>
std::optional<std::size_t> largest(const Cells<T>& cells) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < cells.values.size(); ++i) {
    const T value = cells.values[i];
    if (!found || value > cells.values[*found] ||
        (value != value && cells.values[*found] == cells.values[*found]))
      found = i;
  }
  return found;
}

template <class T>
T average(const Cells<T>& cells, bool count_include_pad) {
  double sum = 0;
  for (const T value : cells.values) sum += static_cast<double>(value);
  const auto inside = static_cast<std::int64_t>(cells.values.size());
  return static_cast<T>(sum /
                        static_cast<double>(inside + (count_include_pad ? cells.in_padding : 0)));
}

template <class T>
T p_norm(const Cells<T>& cells, std::int64_t p) {
  double sum = 0;
  for (const T value : cells.values)
    sum += std::pow(std::fabs(static_cast<double>(value)), static_cast<double>(p));
  return static_cast<T>(std::pow(sum, 1 / static_cast<double>(p)));
}

bool selects(ir::PoolKind kind) {
  return kind == ir::PoolKind::MaxPool || kind == ir::PoolKind::GlobalMaxPool;
}

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Pool>(&call.op);
  if (!op) return false;
  const DType dtype = call.inputs[0]->dtype();
  const bool is_byte = dtype == DType::I8 || dtype == DType::U8;
  return takes_floats_or_doubles(call) || (is_byte && selects(op->kind));
}

// Fills in the pooled values and, where there is a second result, where each is in x.
template <class T>
void pool(const Call& call, const ir::Window& window, Tensors& results) {
  using Limits = std::numeric_limits<T>;
  constexpr T kLowest = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  const auto& op = std::get<ir::Pool>(call.op);
  const Tensor& x = *call.inputs[0];
  const Shape spatial = spatial_of(x.shape());
  const Shape position_strides = plane_strides(spatial, op.column_major);
  const auto plane_size = static_cast<std::size_t>(element_count(spatial));
  std::size_t at = 0;
  for_each_index(call.outputs[0].shape, [&](const Shape& out) {
    const auto plane = static_cast<std::size_t>(out[0] * x.shape()[1] + out[1]);
    const Cells<T> cells = cells_of(
        window, spatial, out, x.as<T>().subspan(plane * plane_size, plane_size), position_strides);
    T& result = results[0].fill<T>()[at];
    if (selects(op.kind)) {
      const std::optional<std::size_t> found = largest(cells);
      result = found ? cells.values[*found] : kLowest;
      if (results.size() > 1)
        results[1].fill<std::int64_t>()[at] =
            found ? static_cast<std::int64_t>(plane * plane_size) + cells.positions[*found] : -1;
    } else if (op.kind == ir::PoolKind::LpPool || op.kind == ir::PoolKind::GlobalLpPool) {
      result = p_norm(cells, op.p);
    } else {
      result = average(cells, op.count_include_pad);
    }
    ++at;
  });
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const ir::Window window, pool_window(call));
  Tensors results;
  results.emplace_back(raw_dtype(call.inputs[0]->dtype()), call.outputs[0].shape);
  if (call.outputs.size() > 1) results.emplace_back(DType::I64, call.outputs[1].shape);
  with_host_type(results[0].dtype(),
                 [&](auto type) { pool<decltype(type)>(call, window, results); });
  return results;
}

bool supports_unpool(const Call& call) {
  const DType dtype = call.inputs[0]->dtype();
  return std::holds_alternative<ir::MaxUnpool>(call.op) &&
         (is_tunable_float(dtype) || dtype == DType::F64);
}

// Where element `offset` of what was pooled, of shape `from`, is in a larger shape.
std::size_t moved(std::int64_t offset, const Shape& from, const Shape& to_strides) {
  std::int64_t result = 0;
  for (std::size_t axis = from.size(); axis-- > 0; offset /= from[axis])
    result += offset % from[axis] * to_strides[axis];
  return static_cast<std::size_t>(result);
}

Result<Tensors> run_unpool(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::span<const std::int64_t> indices = call.inputs[1]->as<std::int64_t>();
  KEEL_TRY(const Shape pooled, ir::unpooled_shape(x.shape(), std::get<ir::MaxUnpool>(call.op)));
  const std::int64_t count = element_count(pooled);
  for (const std::int64_t index : indices)
    if (index < 0 || index >= count)
      return Error{ErrorCode::InvalidModel,
                   "index " + std::to_string(index) + " of MaxUnpool is outside [0, " +
                       std::to_string(count) + ")",
                   "", "feed the indices a MaxPool of the same window gave"};
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  const Shape strides = row_major_strides(y.shape());
  with_float_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> result = y.fill<T>();
    std::ranges::fill(result, T{0});
    for (std::size_t i = 0; i < indices.size(); ++i)
      result[moved(indices[i], pooled, strides)] = x.as<T>()[i];
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferencePool{"reference-pool", supports, run};
const Kernel kReferenceMaxUnpool{"reference-max-unpool", supports_unpool, run_unpool};

}  // namespace keel::kernels
