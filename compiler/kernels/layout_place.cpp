#include <algorithm>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/strided_copy.h"

// Operators that put inputs or their middle at places of the result: Concat, Pad with a constant,
// CenterCropPad.

namespace keel::kernels {
namespace {

// Puts the `extents` of `x` from element `from` on at element `to` of `y`.
void place(const Tensor& x, std::int64_t from, const Shape& extents, Tensor& y, std::int64_t to) {
  if (element_count(extents) == 0) return;
  const std::size_t element_bytes = host_size_of(x.dtype());
  const auto bytes = static_cast<std::int64_t>(element_bytes);
  strided_copy(extents, element_bytes, fill_bytes(y).data() + to * bytes,
               row_major_strides(y.shape()), x.bytes().data() + from * bytes,
               row_major_strides(x.shape()));
}

// The dtype all inputs have, or F32 where tunable floats are mixed.
DType joint_dtype(std::span<const Tensor* const> inputs) {
  const DType first = inputs[0]->dtype();
  const bool mixed =
      std::ranges::any_of(inputs, [&](const Tensor* input) { return input->dtype() != first; });
  return mixed ? DType::F32 : first;
}

bool supports_concat(const Call& call) {
  if (!std::holds_alternative<ir::Concat>(call.op)) return false;
  const DType raw = raw_dtype(call.inputs[0]->dtype());
  return std::ranges::all_of(call.inputs,
                             [&](const Tensor* input) { return raw_dtype(input->dtype()) == raw; });
}

Result<Tensors> run_concat(const Call& call) {
  Tensor y(joint_dtype(call.inputs), call.outputs[0].shape);
  const Shape strides = row_major_strides(y.shape());
  const std::size_t axis = axis_index(std::get<ir::Concat>(call.op).axis, strides.size());
  std::int64_t to = 0;
  for (const Tensor* input : call.inputs) {
    place(*input, 0, input->shape(), y, to);
    to += input->shape()[axis] * strides[axis];
  }
  return Tensors{std::move(y)};
}

bool supports_pad(const Call& call) {
  const auto* op = std::get_if<ir::Pad>(&call.op);
  if (!op || op->mode != ir::PadMode::Constant) return false;
  const Tensor* value = optional_input(call, 2);
  return !value || raw_dtype(value->dtype()) == raw_dtype(call.inputs[0]->dtype());
}

// A negative pad crops.
Result<Tensors> run_pad(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Tensor* value = optional_input(call, 2);
  KEEL_TRY(const ir::Ints pads, ir::ints_of(*call.inputs[1]));
  const bool mixed = value && value->dtype() != x.dtype();
  Tensor y(mixed ? DType::F32 : x.dtype(), call.outputs[0].shape);
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    std::ranges::fill(y.fill<T>(), value ? value->as<T>()[0] : T{});
  });
  const std::size_t rank = x.shape().size();
  const Shape x_strides = row_major_strides(x.shape());
  const Shape y_strides = row_major_strides(y.shape());
  Shape extents = x.shape();
  std::int64_t from = 0;
  std::int64_t to = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t begin = pads[i];
    const std::int64_t end = pads[rank + i];
    from += std::max<std::int64_t>(-begin, 0) * x_strides[i];
    to += std::max<std::int64_t>(begin, 0) * y_strides[i];
    extents[i] += std::min<std::int64_t>(begin, 0) + std::min<std::int64_t>(end, 0);
    extents[i] = std::max<std::int64_t>(extents[i], 0);
  }
  place(x, from, extents, y, to);
  return Tensors{std::move(y)};
}

// Where the difference is odd, the end gets one more than the begin.
Result<Tensors> run_center_crop_pad(const Call& call) {
  const Tensor& x = *call.inputs[0];
  Tensor y(x.dtype(), call.outputs[0].shape);
  std::ranges::fill(fill_bytes(y), std::byte{0});
  const Shape x_strides = row_major_strides(x.shape());
  const Shape y_strides = row_major_strides(y.shape());
  Shape extents;
  std::int64_t from = 0;
  std::int64_t to = 0;
  for (std::size_t i = 0; i < x_strides.size(); ++i) {
    const std::int64_t grown = y.shape()[i] - x.shape()[i];
    from += std::max<std::int64_t>(-grown, 0) / 2 * x_strides[i];
    to += std::max<std::int64_t>(grown, 0) / 2 * y_strides[i];
    extents.push_back(std::min(x.shape()[i], y.shape()[i]));
  }
  place(x, from, extents, y, to);
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kLayoutConcat{"layout-concat", supports_concat, run_concat};
const Kernel kLayoutPad{"layout-pad", supports_pad, run_pad};
const Kernel kLayoutCenterCropPad{
    "layout-center-crop-pad",
    [](const Call& call) { return std::holds_alternative<ir::CenterCropPad>(call.op); },
    run_center_crop_pad};

}  // namespace keel::kernels
