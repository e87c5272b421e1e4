#include <algorithm>
#include <concepts>

#include "compiler/base/host_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/index_rows.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// ScatterElements and ScatterND. Updates of one element are combined in the order they come in.

namespace keel::kernels {
namespace {

using ir::ScatterReduction;

// Integers wrap; NaN wins over any float.
template <class T>
T combined(ScatterReduction reduction, T old, T update) {
  switch (reduction) {
    case ScatterReduction::None:
      return update;
    case ScatterReduction::Add:
      if constexpr (std::integral<T>)
        return static_cast<T>(static_cast<std::uint64_t>(old) + static_cast<std::uint64_t>(update));
      else
        return old + update;
    case ScatterReduction::Mul:
      if constexpr (std::integral<T>)
        return static_cast<T>(static_cast<std::uint64_t>(old) * static_cast<std::uint64_t>(update));
      else
        return old * update;
    case ScatterReduction::Max:
      return old > update || old != old ? old : update;
    case ScatterReduction::Min:
      return old < update || old != old ? old : update;
  }
  KEEL_CHECK(false && "a ScatterReduction outside its enumeration");
}

// Among booleans a sum is "or" and a product "and".
ScatterReduction reduction_of(ScatterReduction reduction, DType dtype) {
  if (dtype != DType::Bool) return reduction;
  if (reduction == ScatterReduction::Add) return ScatterReduction::Max;
  return reduction == ScatterReduction::Mul ? ScatterReduction::Min : reduction;
}

template <class Op>
bool supports(const Call& call) {
  return std::holds_alternative<Op>(call.op) &&
         raw_dtype(call.inputs[0]->dtype()) == raw_dtype(call.inputs[2]->dtype());
}

template <class T>
std::span<T> filled_with(const Tensor& x, Tensor& y) {
  const std::span<T> result = y.fill<T>();
  std::ranges::copy(x.as<T>(), result.begin());
  return result;
}

Result<Tensors> run_elements(const Call& call) {
  const auto& op = std::get<ir::ScatterElements>(call.op);
  const Tensor& x = *call.inputs[0];
  const Tensor& indices = *call.inputs[1];
  const std::size_t axis = axis_index(op.axis, x.shape().size());
  KEEL_TRY(const ir::Ints positions, checked_indices("ScatterElements", indices, x.shape()[axis]));
  const ScatterReduction reduction = reduction_of(op.reduction, x.dtype());
  const Shape strides = row_major_strides(x.shape());
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> result = filled_with<T>(x, y);
    auto update = call.inputs[2]->as<T>().begin();
    auto position = positions.begin();
    for_each_index(indices.shape(), [&](const Shape& index) {
      const auto own = static_cast<std::int64_t>(offset_of(index, strides));
      T& element =
          result[static_cast<std::size_t>(own + (*position++ - index[axis]) * strides[axis])];
      element = combined(reduction, element, *update++);
    });
  });
  return Tensors{std::move(y)};
}

Result<Tensors> run_nd(const Call& call) {
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const IndexRows rows, index_rows("ScatterND", x.shape(), *call.inputs[1], 0));
  const ScatterReduction reduction =
      reduction_of(std::get<ir::ScatterNd>(call.op).reduction, x.dtype());
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> result = filled_with<T>(x, y);
    auto update = call.inputs[2]->as<T>().begin();
    for (const std::int64_t slice : rows.slices)
      for (std::int64_t i = 0; i < rows.slice_size; ++i) {
        T& element = result[static_cast<std::size_t>(slice * rows.slice_size + i)];
        element = combined(reduction, element, *update++);
      }
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceScatterElements{"reference-scatter-elements", supports<ir::ScatterElements>,
                                       run_elements};
const Kernel kReferenceScatterNd{"reference-scatter-nd", supports<ir::ScatterNd>, run_nd};

}  // namespace keel::kernels
