#include <cmath>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// OneHot, EyeLike, Range: tensors made from next to nothing.

namespace keel::kernels {
namespace {

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op);
}

Result<std::vector<Tensor>> run_one_hot(const Call& call) {
  const Shape& shape = call.outputs[0].shape;
  const std::size_t axis = axis_index(std::get<ir::OneHot>(call.op).axis, shape.size());
  const Tensor indices = cast(*call.inputs[0], DType::I64);  // floats are truncated, as in ONNX
  const Tensor& values = *call.inputs[2];
  const std::int64_t depth = shape[axis];
  Shape strides = row_major_strides(indices.shape());
  strides.insert(strides.begin() + static_cast<std::ptrdiff_t>(axis), 0);
  Tensor y(raw_dtype(values.dtype()), shape);
  with_host_type(values.dtype(), [&](auto element) {
    using T = decltype(element);
    auto to = y.fill<T>().begin();
    for_each_index(shape, [&](const Shape& at) {
      const std::int64_t index = indices.as<std::int64_t>()[offset_of(at, strides)];
      const bool on = index == at[axis] || (index < 0 && index + depth == at[axis]);
      *to++ = values.as<T>()[on ? 1 : 0];
    });
  });
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_eye_like(const Call& call) {
  const std::int64_t k = std::get<ir::EyeLike>(call.op).k;
  Tensor y(raw_dtype(call.outputs[0].dtype), call.outputs[0].shape);
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    auto to = y.fill<T>().begin();
    for_each_index(y.shape(), [&](const Shape& at) { *to++ = at[1] - at[0] == k ? T{1} : T{0}; });
  });
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_range(const Call& call) {
  Tensor y(raw_dtype(call.outputs[0].dtype), call.outputs[0].shape);
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    using Wide = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;
    const auto start = static_cast<Wide>(call.inputs[0]->as<T>()[0]);
    const auto delta = static_cast<Wide>(call.inputs[2]->as<T>()[0]);
    Wide step = 0;
    for (T& value : y.fill<T>()) value = static_cast<T>(start + step++ * delta);
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceOneHot{"reference-one-hot", supports<ir::OneHot>, run_one_hot};
const Kernel kReferenceEyeLike{"reference-eye-like", supports<ir::EyeLike>, run_eye_like};
const Kernel kReferenceRange{"reference-range", supports<ir::Range>, run_range};

}  // namespace keel::kernels
