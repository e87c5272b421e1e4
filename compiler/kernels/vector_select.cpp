#include <limits>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/rows.h"

// The element-wise operators of three operands: Clip and Where.

namespace keel::kernels {
namespace {

bool supports_clip(const Call& call) {
  return std::holds_alternative<ir::Clip>(call.op) && takes_floats(call);
}

KEEL_WIDE void clip(const float* x, float* y, std::size_t count, float low, float high) {
  for (std::size_t i = 0; i < count; ++i) {
    const float raised = x[i] < low ? low : x[i];
    y[i] = raised > high ? high : raised;
  }
}

Result<Tensors> run_clip(const Call& call) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const Tensor* low = optional_input(call, 1);
  const Tensor* high = optional_input(call, 2);
  const std::span<const float> x = call.inputs[0]->as<float>();
  Tensor y(DType::F32, call.inputs[0]->shape());
  clip(x.data(), y.fill<float>().data(), x.size(), low ? low->as<float>()[0] : -kInf,
       high ? high->as<float>()[0] : kInf);
  return Tensors{std::move(y)};
}

bool supports_where(const Call& call) {
  return std::holds_alternative<ir::Where>(call.op) && call.inputs[0]->dtype() == DType::Bool &&
         is_tunable_float(call.inputs[1]->dtype()) && is_tunable_float(call.inputs[2]->dtype());
}

struct Operands {
  const std::uint8_t* condition;
  const float *a, *b;
};

void select_row(const Operands& from, const Rows<4>& rows, float* out) {
  const auto [out_step, condition_step, a_step, b_step] = rows.steps;
  for (std::int64_t i = 0; i < rows.length; ++i)
    out[i * out_step] =
        from.condition[i * condition_step] ? from.a[i * a_step] : from.b[i * b_step];
}

Result<Tensors> run_where(const Call& call) {
  const Shape& shape = call.outputs[0].shape;
  Tensor y(DType::F32, shape);
  const Operands start{call.inputs[0]->as<std::uint8_t>().data(),
                       call.inputs[1]->as<float>().data(), call.inputs[2]->as<float>().data()};
  float* out = y.fill<float>().data();
  const auto strides = [&](std::size_t i) {
    return broadcast_strides(call.inputs[i]->shape(), shape);
  };
  const Rows<4> rows =
      rows_of<4>(shape, {row_major_strides(shape), strides(0), strides(1), strides(2)});
  for_each_row(rows, [&](const auto& at) {
    select_row({start.condition + at[1], start.a + at[2], start.b + at[3]}, rows, out + at[0]);
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kVectorClip{"vector-clip", supports_clip, run_clip};
const Kernel kVectorWhere{"vector-where", supports_where, run_where};

}  // namespace keel::kernels
