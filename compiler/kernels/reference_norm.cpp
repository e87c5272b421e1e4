#include <cmath>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

bool supports_layer_norm(const Call& call) {
  return std::holds_alternative<ir::LayerNorm>(call.op) && takes_floats(call);
}

Result<std::vector<Tensor>> run_layer_norm(const Call& call) {
  const auto& op = std::get<ir::LayerNorm>(call.op);
  const Tensor& x = *call.inputs[0];
  const Tensor& scale = *call.inputs[1];
  const Tensor* bias = optional_input(call, 2);
  const Shape& shape = x.shape();
  const Shape scale_strides = broadcast_strides(scale.shape(), shape);
  const Shape bias_strides = bias ? broadcast_strides(bias->shape(), shape) : Shape{};
  const auto middle =
      shape.begin() + static_cast<std::ptrdiff_t>(axis_index(op.axis, shape.size()));
  const auto length = static_cast<std::size_t>(element_count({middle, shape.end()}));

  double mean = 0;
  double deviation = 1;
  std::size_t position = 0;
  Tensor y(DType::F32, shape);
  Shape group = shape;
  std::fill(group.begin() + (middle - shape.begin()), group.end(), 1);
  Tensor means(DType::F32, group), inverse_deviations(DType::F32, group);
  for_each_index(shape, [&](const Shape& index) {
    if (position % length == 0) {
      const std::span<const float> values = x.as<float>().subspan(position, length);
      const auto count = static_cast<double>(length);
      double sum = 0;
      for (const float value : values) sum += static_cast<double>(value);
      mean = sum / count;
      double squares = 0;
      for (const float value : values)
        squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
      deviation = std::sqrt(squares / count + static_cast<double>(op.epsilon));
      means.fill<float>()[position / length] = static_cast<float>(mean);
      inverse_deviations.fill<float>()[position / length] = static_cast<float>(1 / deviation);
    }
    double value = (static_cast<double>(x.as<float>()[position]) - mean) / deviation;
    value *= static_cast<double>(scale.as<float>()[offset_of(index, scale_strides)]);
    if (bias) value += static_cast<double>(bias->as<float>()[offset_of(index, bias_strides)]);
    y.fill<float>()[position++] = static_cast<float>(value);
  });
  std::vector<Tensor> outputs{std::move(y), std::move(means), std::move(inverse_deviations)};
  outputs.resize(call.outputs.size());
  return outputs;
}

bool supports_batch_norm(const Call& call) {
  return std::holds_alternative<ir::BatchNorm>(call.op) && takes_floats(call);
}

Result<std::vector<Tensor>> run_batch_norm(const Call& call) {
  const auto epsilon = static_cast<double>(std::get<ir::BatchNorm>(call.op).epsilon);
  const auto x = call.inputs[0]->as<float>();
  const auto parameter = [&](std::size_t input, std::int64_t channel) {
    return static_cast<double>(call.inputs[input]->as<float>()[static_cast<std::size_t>(channel)]);
  };
  Tensor y(DType::F32, call.inputs[0]->shape());
  std::size_t position = 0;
  for_each_index(y.shape(), [&](const Shape& index) {
    const std::int64_t c = index[1];
    const double centred = static_cast<double>(x[position]) - parameter(3, c);
    const double value = centred / std::sqrt(parameter(4, c) + epsilon) * parameter(1, c);
    y.fill<float>()[position++] = static_cast<float>(value + parameter(2, c));
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceLayerNorm{"reference-layer-norm", supports_layer_norm, run_layer_norm};
const Kernel kReferenceBatchNorm{"reference-batch-norm", supports_batch_norm, run_batch_norm};

}  // namespace keel::kernels
