#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/host_type.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/matmul_problem.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/windows.h"

namespace keel::kernels {
namespace {

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op);
}

std::vector<double> numbers(const Tensor& tensor) {
  return with_host_type(tensor.dtype(), [&](auto element) {
    std::vector<double> values;
    for (const auto value : tensor.as<decltype(element)>())
      values.push_back(static_cast<double>(value));
    return values;
  });
}

/// One number, or one for each slice of an axis.
struct Parameter {
  std::vector<double> values{0.0};
  std::size_t inner = 1;  ///< elements of a slice in one place
  double at(std::size_t i) const {
    return values.size() == 1 ? values[0] : values[i / inner % values.size()];
  }
};

Parameter parameter(const Tensor* given, const Shape& shape, std::int64_t axis) {
  Parameter result;
  if (!given) return result;
  result.values = numbers(*given);
  if (result.values.size() == 1) return result;
  for (std::size_t i = axis_index(axis, shape.size()) + 1; i < shape.size(); ++i)
    result.inner *= static_cast<std::size_t>(shape[i]);
  return result;
}

// Rounds to even and saturates.
template <class T>
T quantised(double value) {
  const double rounded = std::nearbyint(value);
  if (std::isnan(rounded)) return 0;
  return static_cast<T>(std::clamp(rounded, static_cast<double>(std::numeric_limits<T>::min()),
                                   static_cast<double>(std::numeric_limits<T>::max())));
}

bool supports_quantize(const Call& call) {
  return std::holds_alternative<ir::QuantizeLinear>(call.op) &&
         (call.outputs[0].dtype == DType::U8 || call.outputs[0].dtype == DType::I8);
}

Result<std::vector<Tensor>> run_quantize(const Call& call) {
  const std::int64_t axis = std::get<ir::QuantizeLinear>(call.op).axis;
  const Tensor& x = *call.inputs[0];
  const Parameter scale = parameter(call.inputs[1], x.shape(), axis);
  const Parameter zero = parameter(optional_input(call, 2), x.shape(), axis);
  const std::vector<double> from = numbers(x);
  Tensor y(call.outputs[0].dtype, x.shape());
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> to = y.fill<T>();
    // The quotient is one of fp32, as the chip and other runtimes compute it.
    for (std::size_t i = 0; i < to.size(); ++i) {
      const float quotient = static_cast<float>(from[i]) / static_cast<float>(scale.at(i));
      to[i] = quantised<T>(std::nearbyint(static_cast<double>(quotient)) + zero.at(i));
    }
  });
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_dequantize(const Call& call) {
  const std::int64_t axis = std::get<ir::DequantizeLinear>(call.op).axis;
  const Tensor& x = *call.inputs[0];
  const Parameter scale = parameter(call.inputs[1], x.shape(), axis);
  const Parameter zero = parameter(optional_input(call, 2), x.shape(), axis);
  const std::vector<double> from = numbers(x);
  Tensor y(DType::F32, x.shape());
  const std::span<float> to = y.fill<float>();
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] = static_cast<float>((from[i] - zero.at(i)) * scale.at(i));
  return std::vector<Tensor>{std::move(y)};
}

bool supports_dynamic(const Call& call) {
  return std::holds_alternative<ir::DynamicQuantizeLinear>(call.op) && takes_floats(call) &&
         call.inputs[0]->size() > 0;
}

Result<std::vector<Tensor>> run_dynamic(const Call& call) {
  const std::span<const float> x = call.inputs[0]->as<float>();
  const float low = std::min(*std::ranges::min_element(x), 0.0f);
  const float high = std::max(*std::ranges::max_element(x), 0.0f);
  const float scale = (high - low) / 255.0f;
  const auto zero = quantised<std::uint8_t>(static_cast<double>(-low / scale));
  Tensor y(DType::U8, call.inputs[0]->shape());
  std::ranges::transform(x, y.fill<std::uint8_t>().begin(), [&](float value) {
    return quantised<std::uint8_t>(std::nearbyint(static_cast<double>(value / scale)) +
                                   static_cast<double>(zero));
  });
  Tensor scales(DType::F32, {}), zeros(DType::U8, {});
  scales.fill<float>()[0] = scale;
  zeros.fill<std::uint8_t>()[0] = zero;
  return std::vector<Tensor>{std::move(y), std::move(scales), std::move(zeros)};
}

// Sums of products in 64 bits, which no tensor in memory overflows.
using Sums = std::vector<std::int64_t>;

// Less the zero point, which is one number or one a row (of a) or column (of b, of w: output).
std::vector<std::int64_t> centred(const Tensor& x, const Tensor* zero, std::size_t inner) {
  const std::vector<double> values = numbers(x);
  Parameter of_slice;
  if (zero) of_slice = {numbers(*zero), inner};
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < values.size(); ++i)
    result.push_back(static_cast<std::int64_t>(values[i] - of_slice.at(i)));
  return result;
}

Sums product(const Tensor& a, const Tensor* a_zero, const Tensor& b, const Tensor* b_zero) {
  const MatMulProblem p = matmul_problem(a.shape(), b.shape());
  const auto k = static_cast<std::size_t>(p.k);
  const auto n = static_cast<std::size_t>(p.n);
  const std::vector<std::int64_t> left = centred(a, a_zero, k);
  const std::vector<std::int64_t> right = centred(b, b_zero, 1);
  Sums sums;
  for_each_index(p.batch, [&](const Shape& index) {
    const std::size_t at_a = offset_of(index, p.a_strides);
    const std::size_t at_b = offset_of(index, p.b_strides);
    for (std::size_t row = 0; row < static_cast<std::size_t>(p.m); ++row)
      for (std::size_t column = 0; column < n; ++column) {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < k; ++i)
          sum += left[at_a + row * k + i] * right[at_b + i * n + column];
        sums.push_back(sum);
      }
  });
  return sums;
}

Sums convolution(const ir::Window& window, std::int64_t group, const Tensor& x,
                 const Tensor* x_zero, const Tensor& w, const Tensor* w_zero, const Shape& shape) {
  const std::vector<std::int64_t> image = centred(x, x_zero, 1);
  const auto of_output =
      static_cast<std::size_t>(w.size() / std::max<std::int64_t>(w.shape()[0], 1));
  const std::vector<std::int64_t> weights = centred(w, w_zero, of_output);
  const Shape x_strides = row_major_strides(x.shape());
  const Shape taps(w.shape().begin() + 1, w.shape().end());
  const std::int64_t outputs_of_group = w.shape()[0] / group;
  Sums sums;
  for_each_index(shape, [&](const Shape& out) {
    std::int64_t sum = 0;
    std::size_t weight = static_cast<std::size_t>(out[1]) * of_output;
    Shape position = out;
    for_each_index(taps, [&](const Shape& tap) {
      const std::int64_t factor = weights[weight++];
      for (std::size_t i = 0; i < window.kernel.size(); ++i) {
        position[2 + i] = out[2 + i] * window.strides[i] - window.pads_begin[i] +
                          tap[1 + i] * window.dilations[i];
        if (position[2 + i] < 0 || position[2 + i] >= x.shape()[2 + i]) return;
      }
      position[1] = out[1] / outputs_of_group * w.shape()[1] + tap[0];
      sum += factor * image[offset_of(position, x_strides)];
    });
    sums.push_back(sum);
  });
  return sums;
}

std::vector<Tensor> as_i32(const Sums& sums, const Shape& shape) {
  Tensor y(DType::I32, shape);
  std::ranges::transform(sums, y.fill<std::int32_t>().begin(),
                         [](std::int64_t sum) { return static_cast<std::int32_t>(sum); });
  return {std::move(y)};
}

template <class Family>
Result<ir::Window> window_of(const Family& op, const Tensor& x, const Tensor& w) {
  return ir::resolve_window(spatial_of(x.shape()), spatial_of(w.shape()), op.strides, op.dilations,
                            op.pads, op.auto_pad, false);
}

Result<std::vector<Tensor>> run_matmul_integer(const Call& call) {
  return as_i32(
      product(*call.inputs[0], optional_input(call, 2), *call.inputs[1], optional_input(call, 3)),
      call.outputs[0].shape);
}

Result<std::vector<Tensor>> run_conv_integer(const Call& call) {
  const auto& op = std::get<ir::ConvInteger>(call.op);
  KEEL_TRY(const ir::Window window, window_of(op, *call.inputs[0], *call.inputs[1]));
  return as_i32(convolution(window, op.group, *call.inputs[0], optional_input(call, 2),
                            *call.inputs[1], optional_input(call, 3), call.outputs[0].shape),
                call.outputs[0].shape);
}

// Inputs of QLinear operators: x, scale, zero point; w, its two; scale and zero point of the
// result. Weights have one scale, or one a column or output channel.
std::vector<Tensor> requantised(const Call& call, const Sums& sums, const Shape& shape,
                                std::int64_t axis) {
  const std::vector<double> x_scale = numbers(*call.inputs[1]);
  const Parameter w_scale = parameter(call.inputs[4], shape, axis);
  const double y_scale = numbers(*call.inputs[6])[0];
  const double zero = numbers(*call.inputs[7])[0];
  Tensor y(call.outputs[0].dtype, shape);
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<T> to = y.fill<T>();
    for (std::size_t i = 0; i < to.size(); ++i) {
      const auto factor = static_cast<float>(x_scale[0] * w_scale.at(i) / y_scale);
      to[i] = quantised<T>(
          std::nearbyint(static_cast<double>(static_cast<float>(sums[i]) * factor)) + zero);
    }
  });
  return {std::move(y)};
}

Result<std::vector<Tensor>> run_qlinear_matmul(const Call& call) {
  return requantised(call,
                     product(*call.inputs[0], call.inputs[2], *call.inputs[3], call.inputs[5]),
                     call.outputs[0].shape, -1);
}

Result<std::vector<Tensor>> run_qlinear_conv(const Call& call) {
  const auto& op = std::get<ir::QLinearConv>(call.op);
  const Shape& shape = call.outputs[0].shape;
  KEEL_TRY(const ir::Window window, window_of(op, *call.inputs[0], *call.inputs[3]));
  Sums sums = convolution(window, op.group, *call.inputs[0], call.inputs[2], *call.inputs[3],
                          call.inputs[5], shape);
  if (const Tensor* bias = optional_input(call, 8)) {
    const Parameter of_channel = parameter(bias, shape, 1);
    for (std::size_t i = 0; i < sums.size(); ++i)
      sums[i] += static_cast<std::int64_t>(of_channel.at(i));
  }
  return requantised(call, sums, shape, 1);
}

}  // namespace

const Kernel kReferenceQuantize{"reference-quantize", supports_quantize, run_quantize};
const Kernel kReferenceDequantize{"reference-dequantize", supports<ir::DequantizeLinear>,
                                  run_dequantize};
const Kernel kReferenceDynamicQuantize{"reference-dynamic-quantize", supports_dynamic, run_dynamic};
const Kernel kReferenceMatMulInteger{"reference-matmul-integer", supports<ir::MatMulInteger>,
                                     run_matmul_integer};
const Kernel kReferenceConvInteger{"reference-conv-integer", supports<ir::ConvInteger>,
                                   run_conv_integer};
const Kernel kReferenceQLinearMatMul{"reference-qlinear-matmul", supports<ir::QLinearMatMul>,
                                     run_qlinear_matmul};
const Kernel kReferenceQLinearConv{"reference-qlinear-conv", supports<ir::QLinearConv>,
                                   run_qlinear_conv};

}  // namespace keel::kernels
