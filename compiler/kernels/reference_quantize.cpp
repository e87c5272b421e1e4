#include <algorithm>
#include <cmath>

#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/quantize.h"

namespace keel::kernels {
namespace {

// Elements before the scale changes, and how often it does before it starts again.
struct Slices {
  std::size_t inner = 1, extent = 1;
  std::size_t at(std::size_t i) const { return i / inner % extent; }
};

Slices slices_of(const Call& call, std::int64_t axis) {
  const Shape& shape = call.inputs[0]->shape();
  const auto is_single = [&](std::size_t i) {
    return i >= call.inputs.size() || !call.inputs[i] || call.inputs[i]->size() == 1;
  };
  if (is_single(1) && is_single(2)) return {};
  const std::size_t position = axis_index(axis, shape.size());
  return {static_cast<std::size_t>(row_major_strides(shape)[position]),
          static_cast<std::size_t>(shape[position])};
}

Result<Tensors> run_quantize(const Call& call) {
  const Tensor& x = *call.inputs[0];
  KEEL_TRY_STATUS(check_scale(*call.inputs[1]));
  const Parameter<float> scale = scale_of(call, 1);
  const Parameter<std::int64_t> zero = zero_point(call, 2);
  Tensor y(call.outputs[0].dtype, x.shape());
  if (y.size() == 0) return Tensors{std::move(y)};
  const Slices slices = slices_of(call, std::get<ir::QuantizeLinear>(call.op).axis);
  with_host_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    const auto quantize = [&](auto values) {
      const std::span<T> result = y.fill<T>();
      for (std::size_t i = 0; i < result.size(); ++i) {
        const std::size_t slice = slices.at(i);
        const float quotient = static_cast<float>(values[i]) / scale[slice];
        result[i] = quantized<T>(static_cast<double>(quotient), zero[slice]);
      }
    };
    if (x.dtype() == DType::I32)
      quantize(x.as<std::int32_t>());
    else
      quantize(x.as<float>());
  });
  return Tensors{std::move(y)};
}

Result<Tensors> run_dequantize(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Parameter<float> scale = scale_of(call, 1);
  const Parameter<std::int64_t> zero = zero_point(call, 2);
  Tensor y(DType::F32, x.shape());
  if (y.size() == 0) return Tensors{std::move(y)};
  const Slices slices = slices_of(call, std::get<ir::DequantizeLinear>(call.op).axis);
  with_host_type(x.dtype(), [&](auto type) {
    const auto values = x.as<decltype(type)>();
    const std::span<float> result = y.fill<float>();
    for (std::size_t i = 0; i < result.size(); ++i) {
      const std::size_t slice = slices.at(i);
      const std::int64_t centred = static_cast<std::int64_t>(values[i]) - zero[slice];
      result[i] = static_cast<float>(centred) * scale[slice];
    }
  });
  return Tensors{std::move(y)};
}

constexpr float kLargestU8 = 255;

Result<Tensors> run_dynamic_quantize(const Call& call) {
  const std::span<const float> x = call.inputs[0]->as<float>();
  float low = 0;
  float high = 0;
  for (const float value : x) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // Nothing but zeros has no range; any scale represents it.
  const float step = (high - low) / kLargestU8;
  const float scale = step == 0 ? 1 : step;
  if (std::isinf(scale))
    return Error{ErrorCode::InvalidModel, "DynamicQuantizeLinear of an infinite range", "", ""};
  const auto zero = quantized<std::uint8_t>(static_cast<double>(-low / scale), 0);
  Tensors results;
  results.emplace_back(DType::U8, call.outputs[0].shape);
  std::ranges::transform(x, results[0].fill<std::uint8_t>().begin(), [&](float value) {
    return quantized<std::uint8_t>(static_cast<double>(value / scale), zero);
  });
  results.emplace_back(DType::F32, Shape{});
  results.back().fill<float>()[0] = scale;
  results.emplace_back(DType::U8, Shape{});
  results.back().fill<std::uint8_t>()[0] = zero;
  results.resize(call.outputs.size());
  return results;
}

}  // namespace

const Kernel kReferenceQuantize{
    "reference-quantize",
    [](const Call& call) { return std::holds_alternative<ir::QuantizeLinear>(call.op); },
    run_quantize};
const Kernel kReferenceDequantize{
    "reference-dequantize",
    [](const Call& call) { return std::holds_alternative<ir::DequantizeLinear>(call.op); },
    run_dequantize};
const Kernel kReferenceDynamicQuantize{
    "reference-dynamic-quantize",
    [](const Call& call) { return std::holds_alternative<ir::DynamicQuantizeLinear>(call.op); },
    run_dynamic_quantize};

}  // namespace keel::kernels
