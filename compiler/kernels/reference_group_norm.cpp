#include <algorithm>
#include <cmath>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

// Instance, group, mean-variance, local-response and p-norm normalisation.

namespace keel::kernels {
namespace {

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op) && takes_floats(call);
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments_of(std::span<const float> values) {
  Moments result;
  const auto count = static_cast<double>(values.size());
  for (const float value : values) result.mean += static_cast<double>(value);
  result.mean /= count;
  for (const float value : values) {
    const double difference = static_cast<double>(value) - result.mean;
    result.variance += difference * difference;
  }
  result.variance /= count;
  return result;
}

// [n, c, ...] normalised over `groups` runs of channels; scale and bias are one a channel, or one a
// group.
Tensor grouped(const Call& call, std::int64_t groups, float epsilon) {
  const Tensor& x = *call.inputs[0];
  const std::int64_t channels = x.shape()[1];
  const auto run =
      static_cast<std::size_t>(x.size() / std::max<std::int64_t>(x.shape()[0] * groups, 1));
  const auto plane = run / static_cast<std::size_t>(std::max<std::int64_t>(channels / groups, 1));
  const auto parameter = [&](std::size_t input, std::size_t channel) {
    const Tensor& values = *call.inputs[input];
    const auto of_group = static_cast<std::size_t>(channels / values.size());
    return static_cast<double>(values.as<float>()[channel / of_group]);
  };
  Tensor y(DType::F32, x.shape());
  const std::span<float> to = y.fill<float>();
  for (std::size_t start = 0; run > 0 && start < to.size(); start += run) {
    const std::span<const float> from = x.as<float>().subspan(start, run);
    const Moments moments = moments_of(from);
    const double deviation = std::sqrt(moments.variance + static_cast<double>(epsilon));
    for (std::size_t i = 0; i < run; ++i) {
      const std::size_t channel = (start + i) / plane % static_cast<std::size_t>(channels);
      const double value = (static_cast<double>(from[i]) - moments.mean) / deviation;
      to[start + i] = static_cast<float>(value * parameter(1, channel) + parameter(2, channel));
    }
  }
  return y;
}

Result<std::vector<Tensor>> run_instance(const Call& call) {
  return std::vector<Tensor>{
      grouped(call, call.inputs[0]->shape()[1], std::get<ir::InstanceNorm>(call.op).epsilon)};
}

Result<std::vector<Tensor>> run_group(const Call& call) {
  const auto& op = std::get<ir::GroupNorm>(call.op);
  return std::vector<Tensor>{grouped(call, op.groups, op.epsilon)};
}

Result<std::vector<Tensor>> run_mean_variance(const Call& call) {
  const Tensor& x = *call.inputs[0];
  std::vector<bool> reduced(x.shape().size(), false);
  for (const std::int64_t axis : std::get<ir::MeanVarianceNorm>(call.op).axes)
    reduced[axis_index(axis, reduced.size())] = true;
  Shape kept, walked, kept_strides, walked_strides;
  const Shape strides = row_major_strides(x.shape());
  for (std::size_t i = 0; i < reduced.size(); ++i) {
    (reduced[i] ? walked : kept).push_back(x.shape()[i]);
    (reduced[i] ? walked_strides : kept_strides).push_back(strides[i]);
  }
  Tensor y(DType::F32, x.shape());
  const std::span<float> to = y.fill<float>();
  for_each_index(kept, [&](const Shape& outer) {
    const std::size_t base = offset_of(outer, kept_strides);
    std::vector<float> values;
    for_each_index(walked, [&](const Shape& inner) {
      values.push_back(x.as<float>()[base + offset_of(inner, walked_strides)]);
    });
    const Moments moments = moments_of(values);
    constexpr double kEpsilon = 1e-9;  // ONNX adds it to the root
    auto value = values.begin();
    for_each_index(walked, [&](const Shape& inner) {
      to[base + offset_of(inner, walked_strides)] =
          static_cast<float>((static_cast<double>(*value++) - moments.mean) /
                             (std::sqrt(moments.variance) + kEpsilon));
    });
  });
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_lrn(const Call& call) {
  const auto& op = std::get<ir::Lrn>(call.op);
  const Tensor& x = *call.inputs[0];
  const std::int64_t channels = x.shape()[1];
  const std::int64_t plane = x.size() / std::max<std::int64_t>(x.shape()[0] * channels, 1);
  const std::int64_t before = (op.size - 1) / 2;
  const std::int64_t after = op.size - 1 - before;
  Tensor y(DType::F32, x.shape());
  const std::span<float> to = y.fill<float>();
  const std::span<const float> from = x.as<float>();
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const std::int64_t channel = i / plane % channels;
    const std::int64_t first = std::max<std::int64_t>(channel - before, 0);
    const std::int64_t last = std::min(channel + std::min(after, channels), channels - 1);
    double squares = 0;
    for (std::int64_t c = first; c <= last; ++c) {
      const auto value =
          static_cast<double>(from[static_cast<std::size_t>(i + (c - channel) * plane)]);
      squares += value * value;
    }
    const double scale = static_cast<double>(op.bias) +
                         static_cast<double>(op.alpha) / static_cast<double>(op.size) * squares;
    to[static_cast<std::size_t>(i)] =
        static_cast<float>(static_cast<double>(from[static_cast<std::size_t>(i)]) /
                           std::pow(scale, static_cast<double>(op.beta)));
  }
  return std::vector<Tensor>{std::move(y)};
}

Result<std::vector<Tensor>> run_lp(const Call& call) {
  const auto& op = std::get<ir::LpNorm>(call.op);
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(op.axis, x.shape().size());
  Shape outer = x.shape();
  outer[axis] = std::min<std::int64_t>(outer[axis], 1);
  const Shape strides = row_major_strides(x.shape());
  const auto step = static_cast<std::size_t>(strides[axis]);
  const auto length = static_cast<std::size_t>(x.shape()[axis]);
  Tensor y(DType::F32, x.shape());
  const std::span<float> to = y.fill<float>();
  for_each_index(outer, [&](const Shape& index) {
    const std::size_t first = offset_of(index, strides);
    double sum = 0;
    for (std::size_t k = 0; k < length; ++k) {
      const auto value = static_cast<double>(x.as<float>()[first + k * step]);
      sum += op.p == 1 ? std::fabs(value) : value * value;
    }
    const double norm = op.p == 1 ? sum : std::sqrt(sum);
    for (std::size_t k = 0; k < length; ++k) {
      const auto value = static_cast<double>(x.as<float>()[first + k * step]);
      to[first + k * step] = norm == 0 ? 0.0f : static_cast<float>(value / norm);
    }
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceInstanceNorm{"reference-instance-norm", supports<ir::InstanceNorm>,
                                    run_instance};
const Kernel kReferenceGroupNorm{"reference-group-norm", supports<ir::GroupNorm>, run_group};
const Kernel kReferenceMeanVarianceNorm{"reference-mean-variance-norm",
                                        supports<ir::MeanVarianceNorm>, run_mean_variance};
const Kernel kReferenceLrn{"reference-lrn", supports<ir::Lrn>, run_lrn};
const Kernel kReferenceLpNorm{"reference-lp-norm", supports<ir::LpNorm>, run_lp};

}  // namespace keel::kernels
