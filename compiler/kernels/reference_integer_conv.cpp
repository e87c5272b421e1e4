#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/quantize.h"
#include "compiler/kernels/windows.h"

// ConvInteger and QLinearConv: exact products of 8-bit integers, sums that wrap at 32 bits. The
// padding is the zero point, so it adds nothing.

namespace keel::kernels {
namespace {

using Integers = std::vector<std::int32_t>;
using Sums = std::vector<std::uint32_t>;  // unsigned, as they wrap

// Output positions along the last axis, [first, last), whose tap lies in a row of x.
struct Range {
  std::int64_t first, last;
};

Range positions_inside(std::int64_t extent, std::int64_t output, std::int64_t stride,
                       std::int64_t shift) {
  const auto ceil_div = [&](std::int64_t a) { return a <= 0 ? 0 : (a + stride - 1) / stride; };
  return {std::min(ceil_div(-shift), output), std::min(ceil_div(extent - shift), output)};
}

// y[o] += weight * x[o * stride + shift] for a whole plane of one input and one output channel.
void add_tap(const ir::Window& window, const Shape& spatial, const Shape& tap, std::int32_t weight,
             const std::int32_t* x, std::uint32_t* y) {
  const std::size_t last = spatial.size() - 1;
  const Shape x_strides = row_major_strides(spatial);
  const Shape rows(window.output.begin(), window.output.end() - 1);
  const std::int64_t shift = tap[last] * window.dilations[last] - window.pads_begin[last];
  const std::int64_t stride = window.strides[last];
  const Range range = positions_inside(spatial[last], window.output[last], stride, shift);
  for_each_index(rows, [&](const Shape& row) {
    std::int64_t at = shift;
    bool inside = true;
    for (std::size_t i = 0; i < last; ++i) {
      const std::int64_t position =
          row[i] * window.strides[i] - window.pads_begin[i] + tap[i] * window.dilations[i];
      inside = inside && position >= 0 && position < spatial[i];
      at += position * x_strides[i];
    }
    if (inside)
      for (std::int64_t o = range.first; o < range.last; ++o)
        y[o] += static_cast<std::uint32_t>(weight * x[at + o * stride]);
    y += window.output[last];
  });
}

struct Operands {
  Integers x, w;
};

// `w` is the input the weights are; each zero point less.
Operands centred(const Call& call, std::size_t w, std::size_t x_zero, std::size_t w_zero) {
  const auto less = [](std::vector<std::int64_t> values, const Parameter<std::int64_t>& zeros,
                       std::size_t inner) {
    Integers result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      result[i] = static_cast<std::int32_t>(values[i] - zeros[i / inner]);
    return result;
  };
  const Tensor& x = *call.inputs[0];
  const Tensor& weights = *call.inputs[w];
  const std::int64_t filter = weights.size() / std::max<std::int64_t>(weights.shape()[0], 1);
  const auto at_least_one = [](std::int64_t n) {
    return static_cast<std::size_t>(std::max<std::int64_t>(n, 1));
  };
  return {less(integers_of(x), zero_point(call, x_zero), at_least_one(x.size())),
          less(integers_of(weights), zero_point(call, w_zero), at_least_one(filter))};
}

template <class Family>
Result<Sums> convolve(const Call& call, std::size_t w_input, const Operands& operands) {
  const auto& op = std::get<Family>(call.op);
  const Shape& x = call.inputs[0]->shape();
  const Shape& w = call.inputs[w_input]->shape();
  const Shape spatial = spatial_of(x);
  KEEL_TRY(const ir::Window window, ir::resolve_window(spatial, spatial_of(w), op.strides,
                                                       op.dilations, op.pads, op.auto_pad, false));
  const std::int64_t x_plane = element_count(spatial), y_plane = element_count(window.output);
  const std::int64_t outputs_of_group = std::max<std::int64_t>(w[0] / op.group, 1);
  Sums y(static_cast<std::size_t>(x[0] * w[0] * y_plane), 0);
  const Shape taps(w.begin() + 2, w.end());
  for_each_index({x[0], w[0], w[1]}, [&](const Shape& at) {
    const std::int64_t channel = at[1] / outputs_of_group * w[1] + at[2];
    const std::int32_t* from = operands.x.data() + (at[0] * x[1] + channel) * x_plane;
    const std::int32_t* weight = operands.w.data() + (at[1] * w[1] + at[2]) * element_count(taps);
    std::uint32_t* to = y.data() + (at[0] * w[0] + at[1]) * y_plane;
    for_each_index(taps,
                   [&](const Shape& tap) { add_tap(window, spatial, tap, *weight++, from, to); });
  });
  return y;
}

Result<Tensors> run_integer(const Call& call) {
  KEEL_TRY(const Sums sums, convolve<ir::ConvInteger>(call, 1, centred(call, 1, 2, 3)));
  Tensor y(DType::I32, call.outputs[0].shape);
  std::ranges::transform(sums, y.fill<std::int32_t>().begin(),
                         [](std::uint32_t sum) { return static_cast<std::int32_t>(sum); });
  return Tensors{std::move(y)};
}

Result<Tensors> run_linear(const Call& call) {
  for (const std::size_t i : {1, 4, 6}) {
    KEEL_TRY_STATUS(check_scale(*call.inputs[i]));
  }
  KEEL_TRY(const Sums sums, convolve<ir::QLinearConv>(call, 3, centred(call, 3, 2, 5)));
  const Tensor* bias = optional_input(call, 8);
  const Parameter<float> w_scale = scale_of(call, 4);
  const auto x_scale = static_cast<double>(call.inputs[1]->as<float>()[0]);
  const auto y_scale = static_cast<double>(call.inputs[6]->as<float>()[0]);
  const std::int64_t y_zero = zero_point(call, 7)[0];
  Tensor y(call.outputs[0].dtype, call.outputs[0].shape);
  const Shape& shape = y.shape();
  const auto plane = static_cast<std::size_t>(element_count({shape.begin() + 2, shape.end()}));
  with_host_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    const std::span<T> result = y.fill<T>();
    for (std::size_t i = 0; i < result.size(); ++i) {
      const std::size_t channel = i / plane % static_cast<std::size_t>(shape[1]);
      std::uint32_t sum = sums[i];
      if (bias) sum += static_cast<std::uint32_t>(bias->as<std::int32_t>()[channel]);
      const double scale = x_scale * static_cast<double>(w_scale[channel]) / y_scale;
      result[i] = quantized<T>(static_cast<double>(static_cast<std::int32_t>(sum)) * scale, y_zero);
    }
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceConvInteger{
    "reference-conv-integer",
    [](const Call& call) { return std::holds_alternative<ir::ConvInteger>(call.op); }, run_integer};
const Kernel kReferenceQLinearConv{
    "reference-qlinear-conv",
    [](const Call& call) { return std::holds_alternative<ir::QLinearConv>(call.op); }, run_linear};

}  // namespace keel::kernels
