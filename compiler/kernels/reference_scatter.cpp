#include <algorithm>

#include "compiler/base/host_type.h"
#include "compiler/kernels/checked_indices.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

using ir::ScatterReduction;

// Integers wrap, as the sums of Binary do.
template <class T>
T combined(ScatterReduction reduction, T old, T update) {
  using Wide = std::conditional_t<std::is_floating_point_v<T>, T, std::uint64_t>;
  const auto a = static_cast<Wide>(old);
  const auto b = static_cast<Wide>(update);
  switch (reduction) {
    case ScatterReduction::None:
      return update;
    case ScatterReduction::Add:
      return static_cast<T>(a + b);
    case ScatterReduction::Mul:
      return static_cast<T>(a * b);
    case ScatterReduction::Max:
      return old > update || old != old ? old : update;
    case ScatterReduction::Min:
      return old < update || old != old ? old : update;
  }
  KEEL_CHECK(false && "a ScatterReduction outside its enumeration");
}

// y = x, then each of `updates` at its offset, in order.
Tensor scattered(const Tensor& x, std::span<const std::int64_t> offsets, const Tensor& updates,
                 ScatterReduction reduction) {
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> values = y.fill<T>();
    std::ranges::copy(x.as<T>(), values.begin());
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      T& value = values[static_cast<std::size_t>(offsets[i])];
      value = combined<T>(reduction, value, updates.as<T>()[i]);
    }
  });
  return y;
}

bool joins(const Call& call) {
  return raw_dtype(call.inputs[0]->dtype()) == raw_dtype(call.inputs[2]->dtype());
}

bool supports_elements(const Call& call) {
  return std::holds_alternative<ir::ScatterElements>(call.op) && joins(call);
}

Result<std::vector<Tensor>> run_elements(const Call& call) {
  const auto& op = std::get<ir::ScatterElements>(call.op);
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(op.axis, x.shape().size());
  KEEL_TRY(ir::Ints offsets, checked_indices(*call.inputs[1], x.shape()[axis], ir::name(call.op)));
  const Shape strides = row_major_strides(x.shape());
  auto next = offsets.begin();
  for_each_index(call.inputs[1]->shape(), [&](Shape index) {
    index[axis] = *next;
    *next++ = static_cast<std::int64_t>(offset_of(index, strides));
  });
  return std::vector<Tensor>{scattered(x, offsets, *call.inputs[2], op.reduction)};
}

bool supports_nd(const Call& call) {
  return std::holds_alternative<ir::ScatterNd>(call.op) && joins(call);
}

Result<std::vector<Tensor>> run_nd(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Shape strides = row_major_strides(x.shape());
  KEEL_TRY(const ir::Ints rows,
           offsets_of_rows(*call.inputs[1], x.shape(), strides, ir::name(call.op)));
  const std::int64_t slice =
      element_count({x.shape().begin() + call.inputs[1]->shape().back(), x.shape().end()});
  ir::Ints offsets;
  for (const std::int64_t row : rows)
    for (std::int64_t i = 0; i < slice; ++i) offsets.push_back(row + i);
  return std::vector<Tensor>{
      scattered(x, offsets, *call.inputs[2], std::get<ir::ScatterNd>(call.op).reduction)};
}

}  // namespace

const Kernel kReferenceScatterElements{"reference-scatter-elements", supports_elements,
                                       run_elements};
const Kernel kReferenceScatterNd{"reference-scatter-nd", supports_nd, run_nd};

}  // namespace keel::kernels
