#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::ConvTranspose>(call.op) && takes_floats_or_doubles(call);
}

// Where in the input the element is that kernel element `tap` spreads to output element `out`;
// false where there is none.
bool input_position(const ir::Window& window, const Shape& spatial, const Shape& out,
                    const Shape& tap, Shape& position) {
  for (std::size_t i = 0; i < spatial.size(); ++i) {
    const std::int64_t at = out[2 + i] + window.pads_begin[i] - tap[1 + i] * window.dilations[i];
    if (at < 0 || at % window.strides[i] != 0) return false;
    position[2 + i] = at / window.strides[i];
    if (position[2 + i] >= spatial[i]) return false;
  }
  return true;
}

template <class T>
void convolve(const Call& call, const ir::Window& window, std::span<T> y) {
  const Tensor& x = *call.inputs[0];
  const Tensor& w = *call.inputs[1];
  const Tensor* bias = optional_input(call, 2);
  const Shape spatial = spatial_of(x.shape());
  const Shape x_strides = row_major_strides(x.shape());
  const Shape w_strides = row_major_strides(w.shape());
  const std::int64_t outputs_of_group = w.shape()[1];
  const std::int64_t inputs_of_group = w.shape()[0] / std::get<ir::ConvTranspose>(call.op).group;
  Shape taps = w.shape();  // channel in the group, then kernel
  taps.erase(taps.begin());
  taps[0] = inputs_of_group;
  auto result = y.begin();
  for_each_index(call.outputs[0].shape, [&](const Shape& out) {
    const std::int64_t group = out[1] / outputs_of_group;
    double sum = bias ? static_cast<double>(bias->as<T>()[static_cast<std::size_t>(out[1])]) : 0.0;
    Shape position = out;
    Shape weight = w.shape();
    for_each_index(taps, [&](const Shape& tap) {
      if (!input_position(window, spatial, out, tap, position)) return;
      position[1] = weight[0] = group * inputs_of_group + tap[0];
      weight[1] = out[1] % outputs_of_group;
      std::ranges::copy(tap.begin() + 1, tap.end(), weight.begin() + 2);
      sum += static_cast<double>(x.as<T>()[offset_of(position, x_strides)]) *
             static_cast<double>(w.as<T>()[offset_of(weight, w_strides)]);
    });
    *result++ = static_cast<T>(sum);
  });
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const ir::Window window, transposed_window(call));
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.outputs[0].shape);
  with_float_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    convolve<T>(call, window, y.fill<T>());
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceConvTranspose{"reference-conv-transpose", supports, run};

}  // namespace keel::kernels
