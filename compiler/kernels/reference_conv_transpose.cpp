#include <vector>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::ConvTranspose>(call.op) && takes_floats(call);
}

// Where element `from` of the input adds to through kernel element `tap`; false outside.
bool output_position(const ir::Window& window, const Shape& from, const Shape& tap,
                     Shape& position) {
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    position[2 + i] =
        from[2 + i] * window.strides[i] - window.pads_begin[i] + tap[1 + i] * window.dilations[i];
    if (position[2 + i] < 0 || position[2 + i] >= window.output[i]) return false;
  }
  return true;
}

Result<std::vector<Tensor>> run(const Call& call) {
  KEEL_TRY(const ir::Window window, transposed_window(call));
  const Tensor& x = *call.inputs[0];
  const Tensor& w = *call.inputs[1];
  const Tensor* bias = optional_input(call, 2);
  const Shape& shape = call.outputs[0].shape;
  const Shape y_strides = row_major_strides(shape);
  const Shape w_strides = row_major_strides(w.shape());
  const std::int64_t inputs_of_group = x.shape()[1] / std::get<ir::ConvTranspose>(call.op).group;
  const std::int64_t outputs_of_group = w.shape()[1];
  const Shape taps(w.shape().begin() + 1, w.shape().end());  // channel in the group, then kernel

  std::vector<double> sums(static_cast<std::size_t>(element_count(shape)), 0.0);
  auto value = x.as<float>().begin();
  for_each_index(x.shape(), [&](const Shape& from) {
    const auto element = static_cast<double>(*value++);
    Shape position = from;
    Shape weight = w.shape();
    for_each_index(taps, [&](const Shape& tap) {
      if (!output_position(window, from, tap, position)) return;
      position[1] = from[1] / inputs_of_group * outputs_of_group + tap[0];
      weight[0] = from[1];
      std::copy(tap.begin(), tap.end(), weight.begin() + 1);
      sums[offset_of(position, y_strides)] +=
          element * static_cast<double>(w.as<float>()[offset_of(weight, w_strides)]);
    });
  });
  Tensor y(DType::F32, shape);
  const std::span<float> values = y.fill<float>();
  std::size_t i = 0;
  for_each_index(shape, [&](const Shape& index) {
    const double addend =
        bias ? static_cast<double>(bias->as<float>()[static_cast<std::size_t>(index[1])]) : 0.0;
    values[i] = static_cast<float>(sums[i] + addend);
    ++i;
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceConvTranspose{"reference-conv-transpose", supports, run};

}  // namespace keel::kernels
