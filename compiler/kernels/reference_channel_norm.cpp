#include <algorithm>
#include <cmath>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

// Normalisations over spatial axes, channels or any axes, of [n, c, spatial...].

namespace keel::kernels {
namespace {

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op) && takes_floats_or_doubles(call);
}

// Runs compute(T{}, y) with the type of input 0 and the elements of the result, which has its
// shape.
template <class Compute>
Tensors elements_of(const Call& call, Compute compute) {
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.inputs[0]->shape());
  if (y.size() > 0)
    with_float_type(y.dtype(), [&](auto type) { compute(type, y.fill<decltype(type)>()); });
  return {std::move(y)};
}

std::size_t extent(const Tensor& x, std::size_t axis) {
  return static_cast<std::size_t>(x.shape()[axis]);
}

struct Statistics {
  double mean = 0, variance = 0;
};

template <class T>
Statistics statistics_of(std::span<const T> values) {
  const auto count = static_cast<double>(values.size());
  Statistics result;
  for (const T value : values) result.mean += static_cast<double>(value);
  result.mean /= count;
  for (const T value : values) {
    const double centred = static_cast<double>(value) - result.mean;
    result.variance += centred * centred;
  }
  result.variance /= count;
  return result;
}

// Scale and bias are one a channel, or one a group.
template <class T>
void normalise_groups(const Call& call, std::size_t groups, float epsilon, std::span<T> y) {
  const std::span<const T> x = call.inputs[0]->as<T>();
  const std::span<const T> scale = call.inputs[1]->as<T>(), bias = call.inputs[2]->as<T>();
  const std::size_t channels = extent(*call.inputs[0], 1);
  const std::size_t in_group = channels / groups;
  const std::size_t planes = extent(*call.inputs[0], 0) * channels;
  const std::size_t plane = x.size() / planes;
  for (std::size_t first = 0; first < planes; first += in_group) {
    const Statistics statistics = statistics_of(x.subspan(first * plane, in_group * plane));
    const double deviation = std::sqrt(statistics.variance + static_cast<double>(epsilon));
    for (std::size_t p = first; p < first + in_group; ++p) {
      const std::size_t channel = p % channels;
      const std::size_t parameter = scale.size() == channels ? channel : channel / in_group;
      for (std::size_t i = p * plane; i < (p + 1) * plane; ++i)
        y[i] = static_cast<T>((static_cast<double>(x[i]) - statistics.mean) / deviation *
                                  static_cast<double>(scale[parameter]) +
                              static_cast<double>(bias[parameter]));
    }
  }
}

Result<Tensors> run_instance_norm(const Call& call) {
  return elements_of(call, [&]<class T>(T, std::span<T> y) {
    normalise_groups<T>(call, extent(*call.inputs[0], 1),
                        std::get<ir::InstanceNorm>(call.op).epsilon, y);
  });
}

Result<Tensors> run_group_norm(const Call& call) {
  const auto& op = std::get<ir::GroupNorm>(call.op);
  return elements_of(call, [&]<class T>(T, std::span<T> y) {
    normalise_groups<T>(call, static_cast<std::size_t>(op.groups), op.epsilon, y);
  });
}

constexpr double kAddedToDeviation = 1e-9;  // ONNX's definition of MeanVarianceNormalization

Result<Tensors> run_mean_variance_norm(const Call& call) {
  const Tensor& x = *call.inputs[0];
  KEEL_TRY(const ir::Ints axes,
           ir::resolve_axes(std::get<ir::MeanVarianceNorm>(call.op).axes, x.shape().size()));
  const Shape strides = row_major_strides(x.shape());
  Shape kept, kept_strides, reduced, reduced_strides;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    const bool is_reduced = std::ranges::binary_search(axes, static_cast<std::int64_t>(i));
    (is_reduced ? reduced : kept).push_back(x.shape()[i]);
    (is_reduced ? reduced_strides : kept_strides).push_back(strides[i]);
  }
  return elements_of(call, [&]<class T>(T, std::span<T> y) {
    std::vector<T> values(static_cast<std::size_t>(element_count(reduced)));
    for_each_index(kept, [&](const Shape& outer) {
      const std::size_t base = offset_of(outer, kept_strides);
      auto value = values.begin();
      for_each_index(reduced, [&](const Shape& inner) {
        *value++ = x.as<T>()[base + offset_of(inner, reduced_strides)];
      });
      const Statistics statistics = statistics_of(std::span<const T>(values));
      const double deviation = std::sqrt(statistics.variance) + kAddedToDeviation;
      value = values.begin();
      for_each_index(reduced, [&](const Shape& inner) {
        y[base + offset_of(inner, reduced_strides)] =
            static_cast<T>((static_cast<double>(*value++) - statistics.mean) / deviation);
      });
    });
  });
}

Result<Tensors> run_lrn(const Call& call) {
  const auto& op = std::get<ir::Lrn>(call.op);
  const Tensor& x = *call.inputs[0];
  return elements_of(call, [&]<class T>(T, std::span<T> y) {
    const std::int64_t channels = x.shape()[1];
    const auto plane = y.size() / static_cast<std::size_t>(x.shape()[0] * channels);
    const double factor = static_cast<double>(op.alpha) / static_cast<double>(op.size);
    const std::int64_t below = std::min((op.size - 1) / 2, channels);
    const std::int64_t above = std::min(op.size - 1 - (op.size - 1) / 2, channels);
    std::vector<double> squares(plane);
    for_each_index({x.shape()[0], channels}, [&](const Shape& at) {
      const auto values = [&](std::int64_t channel) {
        return x.as<T>().subspan(static_cast<std::size_t>(at[0] * channels + channel) * plane,
                                 plane);
      };
      std::ranges::fill(squares, 0.0);
      const std::int64_t last = std::min(at[1] + above, channels - 1);
      for (std::int64_t c = std::max<std::int64_t>(at[1] - below, 0); c <= last; ++c)
        for (std::size_t i = 0; i < plane; ++i)
          squares[i] += static_cast<double>(values(c)[i]) * static_cast<double>(values(c)[i]);
      T* result = &y[static_cast<std::size_t>(at[0] * channels + at[1]) * plane];
      for (std::size_t i = 0; i < plane; ++i)
        result[i] = static_cast<T>(static_cast<double>(values(at[1])[i]) /
                                   std::pow(static_cast<double>(op.bias) + factor * squares[i],
                                            static_cast<double>(op.beta)));
    });
  });
}

Result<Tensors> run_lp_norm(const Call& call) {
  const auto& op = std::get<ir::LpNorm>(call.op);
  const Tensor& x = *call.inputs[0];
  const std::size_t axis = axis_index(op.axis, x.shape().size());
  const std::size_t length = extent(x, axis);
  const auto inner = static_cast<std::size_t>(row_major_strides(x.shape())[axis]);
  return elements_of(call, [&]<class T>(T, std::span<T> y) {
    for (std::size_t begin = 0; begin < y.size(); begin += length * inner)
      for (std::size_t i = begin; i < begin + inner; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < length; ++k) {
          const auto value = static_cast<double>(x.as<T>()[i + k * inner]);
          sum += op.p == 1 ? std::fabs(value) : value * value;
        }
        const double norm = op.p == 1 ? sum : std::sqrt(sum);
        for (std::size_t k = i; k < i + length * inner; k += inner)
          y[k] = norm == 0 ? T{0} : static_cast<T>(static_cast<double>(x.as<T>()[k]) / norm);
      }
  });
}

}  // namespace

const Kernel kReferenceInstanceNorm{"reference-instance-norm", supports<ir::InstanceNorm>,
                                    run_instance_norm};
const Kernel kReferenceGroupNorm{"reference-group-norm", supports<ir::GroupNorm>, run_group_norm};
const Kernel kReferenceMeanVarianceNorm{"reference-mean-variance-norm",
                                        supports<ir::MeanVarianceNorm>, run_mean_variance_norm};
const Kernel kReferenceLrn{"reference-lrn", supports<ir::Lrn>, run_lrn};
const Kernel kReferenceLpNorm{"reference-lp-norm", supports<ir::LpNorm>, run_lp_norm};

}  // namespace keel::kernels
