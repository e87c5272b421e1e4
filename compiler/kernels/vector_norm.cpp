#include <cmath>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lanes.h"

namespace keel::kernels {
namespace {

// The axes a LayerNorm normalises over.
Shape normalised(const Call& call) {
  const Shape& shape = call.inputs[0]->shape();
  const std::size_t axis = axis_index(std::get<ir::LayerNorm>(call.op).axis, shape.size());
  return {shape.begin() + static_cast<std::ptrdiff_t>(axis), shape.end()};
}

bool supports_layer_norm(const Call& call) {
  if (!std::holds_alternative<ir::LayerNorm>(call.op) || !takes_floats(call) ||
      call.outputs.size() > 1)
    return false;
  const Tensor* bias = optional_input(call, 2);
  const Shape shape = normalised(call);
  return call.inputs[0]->size() > 0 && call.inputs[1]->shape() == shape &&
         (!bias || bias->shape() == shape);
}

struct Statistics {
  float mean, inverse;  // one over the deviation
};

// Inlined into the loops below, and so compiled for the widest instructions too.
inline __attribute__((always_inline)) Statistics statistics_of(const float* x, std::size_t count,
                                                               float epsilon) {
  const auto add = [](float a, float b) { return a + b; };
  const auto divisor = static_cast<float>(count);
  const float mean = reduce_lanes(
                         x, count, 0, [](float v) { return v; }, add) /
                     divisor;
  const float variance = reduce_lanes(
                             x, count, 0, [=](float v) { return (v - mean) * (v - mean); }, add) /
                         divisor;
  return {mean, 1 / std::sqrt(variance + epsilon)};
}

KEEL_WIDE Statistics normalise(const float* x, float* y, std::size_t count, float epsilon,
                               const float* scale, const float* bias) {
  const Statistics statistics = statistics_of(x, count, epsilon);
  const auto [mean, inverse] = statistics;
  for (std::size_t i = 0; i < count; ++i) y[i] = (x[i] - mean) * inverse * scale[i];
  if (bias)
    for (std::size_t i = 0; i < count; ++i) y[i] += bias[i];
  return statistics;
}

Result<Tensors> run_layer_norm(const Call& call) {
  const float epsilon = std::get<ir::LayerNorm>(call.op).epsilon;
  const Tensor* bias = optional_input(call, 2);
  const float* scale = call.inputs[1]->as<float>().data();
  const auto length = static_cast<std::size_t>(element_count(normalised(call)));
  const std::span<const float> x = call.inputs[0]->as<float>();
  Tensors results;
  for (const TensorType& output : call.outputs) results.emplace_back(DType::F32, output.shape);
  const std::span<float> y = results[0].fill<float>();
  for (std::size_t i = 0; i < x.size(); i += length) {
    const Statistics statistics =
        normalise(&x[i], &y[i], length, epsilon, scale, bias ? bias->as<float>().data() : nullptr);
    if (results.size() > 1) results[1].fill<float>()[i / length] = statistics.mean;
    if (results.size() > 2) results[2].fill<float>()[i / length] = statistics.inverse;
  }
  return results;
}

// The groups of channels that are normalised together; 0 for another operator.
std::size_t groups_of(const Call& call) {
  if (const auto* op = std::get_if<ir::GroupNorm>(&call.op))
    return static_cast<std::size_t>(op->groups);
  if (!std::holds_alternative<ir::InstanceNorm>(call.op)) return 0;
  return static_cast<std::size_t>(call.inputs[0]->shape()[1]);
}

float epsilon_of(const Call& call) {
  if (const auto* op = std::get_if<ir::GroupNorm>(&call.op)) return op->epsilon;
  return std::get<ir::InstanceNorm>(call.op).epsilon;
}

bool supports_channel_norm(const Call& call) {
  return takes_floats(call) && groups_of(call) > 0 && call.inputs[0]->size() > 0;
}

// Planes of one group, with a scale and a bias for each.
KEEL_WIDE void normalise_planes(const float* x, float* y, std::size_t planes, std::size_t plane,
                                float epsilon, const float* scale, const float* bias,
                                std::size_t parameter_step) {
  const auto [mean, inverse] = statistics_of(x, planes * plane, epsilon);
  for (std::size_t p = 0; p < planes; ++p) {
    const float factor = inverse * scale[p * parameter_step];
    const float offset = bias[p * parameter_step];
    for (std::size_t i = p * plane; i < (p + 1) * plane; ++i)
      y[i] = (x[i] - mean) * factor + offset;
  }
}

Result<Tensors> run_channel_norm(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const std::span<const float> scale = call.inputs[1]->as<float>();
  const std::span<const float> bias = call.inputs[2]->as<float>();
  const auto channels = static_cast<std::size_t>(x.shape()[1]);
  const std::size_t groups = groups_of(call), in_group = channels / groups;
  const std::size_t length =
      x.as<float>().size() / (static_cast<std::size_t>(x.shape()[0]) * groups);
  const std::size_t step = scale.size() == channels ? 1 : 0;  // else one a group
  Tensor y(DType::F32, x.shape());
  const std::span<float> results = y.fill<float>();
  for (std::size_t i = 0; i * length < results.size(); ++i) {
    const std::size_t group = i % groups, first = step == 1 ? group * in_group : group;
    normalise_planes(&x.as<float>()[i * length], &results[i * length], in_group, length / in_group,
                     epsilon_of(call), &scale[first], &bias[first], step);
  }
  return Tensors{std::move(y)};
}

bool supports_batch_norm(const Call& call) {
  return std::holds_alternative<ir::BatchNorm>(call.op) && takes_floats(call);
}

KEEL_WIDE void scale_plane(const float* x, float* y, std::size_t count, float mean, float factor,
                           float bias) {
  for (std::size_t i = 0; i < count; ++i) y[i] = (x[i] - mean) * factor + bias;
}

Result<Tensors> run_batch_norm(const Call& call) {
  const float epsilon = std::get<ir::BatchNorm>(call.op).epsilon;
  const Tensor& x = *call.inputs[0];
  Tensor y(DType::F32, x.shape());
  if (x.size() == 0) return Tensors{std::move(y)};
  const auto channels = static_cast<std::size_t>(x.shape()[1]);
  const std::size_t plane =
      x.as<float>().size() / (static_cast<std::size_t>(x.shape()[0]) * channels);
  const auto parameter = [&](std::size_t input, std::size_t channel) {
    return call.inputs[input]->as<float>()[channel];
  };
  const float* from = x.as<float>().data();
  float* to = y.fill<float>().data();
  for (std::size_t i = 0; i < x.as<float>().size() / plane; ++i) {
    const std::size_t c = i % channels;
    const float factor = parameter(1, c) / std::sqrt(parameter(4, c) + epsilon);
    scale_plane(from + i * plane, to + i * plane, plane, parameter(3, c), factor, parameter(2, c));
  }
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kVectorLayerNorm{"vector-layer-norm", supports_layer_norm, run_layer_norm};
const Kernel kVectorChannelNorm{"vector-channel-norm", supports_channel_norm, run_channel_norm};
const Kernel kVectorBatchNorm{"vector-batch-norm", supports_batch_norm, run_batch_norm};

}  // namespace keel::kernels
