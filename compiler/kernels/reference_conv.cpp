#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::Conv>(call.op) && takes_floats_or_doubles(call);
}

// Where kernel element `tap` falls in the input for output element `out`; false in the padding.
bool input_position(const ir::Window& window, const Shape& spatial, const Shape& out,
                    const Shape& tap, Shape& position) {
  for (std::size_t i = 0; i < spatial.size(); ++i) {
    position[2 + i] =
        out[2 + i] * window.strides[i] - window.pads_begin[i] + tap[1 + i] * window.dilations[i];
    if (position[2 + i] < 0 || position[2 + i] >= spatial[i]) return false;
  }
  return true;
}

template <class T>
void convolve(const Call& call, const ir::Window& window, Tensor& y) {
  const Tensor& x = *call.inputs[0];
  const Tensor& w = *call.inputs[1];
  const Tensor* bias = optional_input(call, 2);
  const Shape spatial = spatial_of(x.shape());
  const Shape x_strides = row_major_strides(x.shape());
  const Shape w_strides = row_major_strides(w.shape());
  const std::int64_t outputs_of_group = w.shape()[0] / std::get<ir::Conv>(call.op).group;
  const std::int64_t inputs_of_group = w.shape()[1];
  const Shape taps(w.shape().begin() + 1, w.shape().end());  // channel in the group, then kernel

  auto result = y.fill<T>().begin();
  for_each_index(y.shape(), [&](const Shape& out) {
    const std::int64_t group = out[1] / outputs_of_group;
    double sum = bias ? static_cast<double>(bias->as<T>()[static_cast<std::size_t>(out[1])]) : 0.0;
    Shape position = out;
    Shape weight = w.shape();
    for_each_index(taps, [&](const Shape& tap) {
      if (!input_position(window, spatial, out, tap, position)) return;
      position[1] = group * inputs_of_group + tap[0];
      weight[0] = out[1];
      std::ranges::copy(tap, weight.begin() + 1);
      sum += static_cast<double>(x.as<T>()[offset_of(position, x_strides)]) *
             static_cast<double>(w.as<T>()[offset_of(weight, w_strides)]);
    });
    *result++ = static_cast<T>(sum);
  });
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const ir::Window window, conv_window(call));
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.outputs[0].shape);
  with_float_type(y.dtype(), [&]<class T>(T) { convolve<T>(call, window, y); });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceConv{"reference-conv", supports, run};

}  // namespace keel::kernels
