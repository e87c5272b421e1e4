#include <algorithm>

#include "compiler/base/host_type.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::Cast>(call.op) || std::holds_alternative<ir::CastLike>(call.op);
}

Result<Tensors> run(const Call& call) {
  return Tensors{cast(*call.inputs[0], call.outputs[0].dtype)};
}

}  // namespace

Tensor cast(const Tensor& tensor, DType dtype) {
  if (is_tunable_float(tensor.dtype()) && is_tunable_float(dtype))
    return tensor.relabelled(DType::F32);
  Tensor result(raw_dtype(dtype), tensor.shape());
  with_host_type(tensor.dtype(), [&](auto from) {
    using From = decltype(from);
    with_host_type(dtype, [&](auto to) {
      using To = decltype(to);
      std::ranges::transform(tensor.as<From>(), result.fill<To>().begin(), [&](From value) {
        return dtype == DType::Bool ? static_cast<To>(value != From{0}) : converted<To>(value);
      });
    });
  });
  return result;
}

const Kernel kReferenceCast{"reference-cast", supports, run};

}  // namespace keel::kernels
