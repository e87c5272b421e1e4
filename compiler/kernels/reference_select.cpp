#include "compiler/base/host_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

// The element-wise operators of three operands: Clip and Where.

namespace keel::kernels {
namespace {

bool supports_clip(const Call& call) {
  if (!std::holds_alternative<ir::Clip>(call.op)) return false;
  const DType dtype = call.inputs[0]->dtype();
  for (const Tensor* bound : call.inputs.subspan(1))
    if (bound && raw_dtype(bound->dtype()) != raw_dtype(dtype)) return false;
  return dtype != DType::Bool;
}

Result<Tensors> run_clip(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Tensor* low = call.inputs.size() > 1 ? call.inputs[1] : nullptr;
  const Tensor* high = call.inputs.size() > 2 ? call.inputs[2] : nullptr;
  Tensor y(raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    auto out = y.fill<T>().begin();
    for (T value : x.as<T>()) {
      if (low && value < low->as<T>()[0]) value = low->as<T>()[0];
      if (high && value > high->as<T>()[0]) value = high->as<T>()[0];
      *out++ = value;
    }
  });
  return Tensors{std::move(y)};
}

bool supports_where(const Call& call) {
  return std::holds_alternative<ir::Where>(call.op) && call.inputs[0]->dtype() == DType::Bool &&
         raw_dtype(call.inputs[1]->dtype()) == raw_dtype(call.inputs[2]->dtype());
}

Result<Tensors> run_where(const Call& call) {
  const Shape& shape = call.outputs[0].shape;
  const Tensor& a = *call.inputs[1];
  const Tensor& b = *call.inputs[2];
  const auto condition = call.inputs[0]->as<std::uint8_t>();
  const Shape condition_strides = broadcast_strides(call.inputs[0]->shape(), shape);
  const Shape a_strides = broadcast_strides(a.shape(), shape);
  const Shape b_strides = broadcast_strides(b.shape(), shape);
  Tensor y(raw_dtype(a.dtype()), shape);
  with_host_type(a.dtype(), [&](auto type) {
    using T = decltype(type);
    auto out = y.fill<T>().begin();
    for_each_index(shape, [&](const Shape& index) {
      *out++ = condition[offset_of(index, condition_strides)]
                   ? a.as<T>()[offset_of(index, a_strides)]
                   : b.as<T>()[offset_of(index, b_strides)];
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceClip{"reference-clip", supports_clip, run_clip};
const Kernel kReferenceWhere{"reference-where", supports_where, run_where};

}  // namespace keel::kernels
