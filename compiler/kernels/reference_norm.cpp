#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

bool supports_layer_norm(const Call& call) {
  return std::holds_alternative<ir::LayerNorm>(call.op) && takes_floats_or_doubles(call);
}

struct Statistics {
  double mean = 0, deviation = 1;
};

template <class T>
Statistics statistics_of(std::span<const T> group, float epsilon) {
  const auto count = static_cast<double>(group.size());
  double sum = 0;
  for (const T value : group) sum += static_cast<double>(value);
  const double mean = sum / count;
  double squares = 0;
  for (const T value : group)
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  return {mean, std::sqrt(squares / count + static_cast<double>(epsilon))};
}

// Fills in y, mean and inverse deviation, as far as there are results for them.
template <class T>
void normalise_layers(const Call& call, Tensors& results) {
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

  Statistics statistics;
  std::size_t position = 0;
  const std::span<T> y = results[0].fill<T>();
  for_each_index(shape, [&](const Shape& index) {
    if (position % length == 0) {
      statistics = statistics_of(x.as<T>().subspan(position, length), op.epsilon);
      const std::size_t group = position / length;
      if (results.size() > 1) results[1].fill<T>()[group] = static_cast<T>(statistics.mean);
      if (results.size() > 2)
        results[2].fill<T>()[group] = static_cast<T>(1 / statistics.deviation);
    }
    double value =
        (static_cast<double>(x.as<T>()[position]) - statistics.mean) / statistics.deviation;
    value *= static_cast<double>(scale.as<T>()[offset_of(index, scale_strides)]);
    if (bias) value += static_cast<double>(bias->as<T>()[offset_of(index, bias_strides)]);
    y[position++] = static_cast<T>(value);
  });
}

Result<Tensors> run_layer_norm(const Call& call) {
  const DType dtype = raw_dtype(call.inputs[0]->dtype());
  Tensors results;
  for (const TensorType& output : call.outputs) results.emplace_back(dtype, output.shape);
  with_float_type(dtype, [&]<class T>(T) {
    // Of nothing there are no statistics.
    for (Tensor& result : results)
      std::ranges::fill(result.fill<T>(), std::numeric_limits<T>::quiet_NaN());
    normalise_layers<T>(call, results);
  });
  return results;
}

bool supports_batch_norm(const Call& call) {
  // Each of x, scale and bias, mean and variance may have a dtype of its own.
  return std::holds_alternative<ir::BatchNorm>(call.op) &&
         std::ranges::all_of(call.inputs, [](const Tensor* input) {
           return is_tunable_float(input->dtype()) || input->dtype() == DType::F64;
         });
}

template <class T>
void normalise_channels(const Call& call, Tensor& y) {
  const auto epsilon = static_cast<double>(std::get<ir::BatchNorm>(call.op).epsilon);
  const auto x = call.inputs[0]->as<T>();
  const auto parameter = [&](std::size_t input, std::int64_t channel) {
    return number_at(*call.inputs[input], static_cast<std::size_t>(channel));
  };
  std::size_t position = 0;
  for_each_index(y.shape(), [&](const Shape& index) {
    const std::int64_t c = index[1];
    const double centred = static_cast<double>(x[position]) - parameter(3, c);
    const double value = centred / std::sqrt(parameter(4, c) + epsilon) * parameter(1, c);
    y.fill<T>()[position++] = static_cast<T>(value + parameter(2, c));
  });
}

Result<Tensors> run_batch_norm(const Call& call) {
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.inputs[0]->shape());
  with_float_type(y.dtype(), [&]<class T>(T) { normalise_channels<T>(call, y); });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceLayerNorm{"reference-layer-norm", supports_layer_norm, run_layer_norm};
const Kernel kReferenceBatchNorm{"reference-batch-norm", supports_batch_norm, run_batch_norm};

}  // namespace keel::kernels
