#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "compiler/base/host_type.h"
#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// `value` rounded to even, plus the zero point, held to the range of T. NaN counts as 0.
template <class T>
T quantized(double value, std::int64_t zero_point) {
  using Limits = std::numeric_limits<T>;
  const double rounded = std::isnan(value) ? 0 : std::nearbyint(value);
  return static_cast<T>(std::clamp(rounded + static_cast<double>(zero_point),
                                   static_cast<double>(Limits::lowest()),
                                   static_cast<double>(Limits::max())));
}

/// Integers as i64. \pre of an integer dtype that i64 holds
inline std::vector<std::int64_t> integers_of(const Tensor& tensor) {
  std::vector<std::int64_t> values;
  values.reserve(static_cast<std::size_t>(tensor.size()));
  with_host_type(tensor.dtype(), [&](auto type) {
    for (const auto value : tensor.as<decltype(type)>())
      values.push_back(static_cast<std::int64_t>(value));
  });
  return values;
}

/// \error InvalidModel  a scale is not a positive finite number
inline Status check_scale(const Tensor& scale) {
  for (const float value : scale.as<float>())
    if (!(value > 0) || std::isinf(value))
      return Error{
          ErrorCode::InvalidModel,
          "a quantisation scale is " + std::to_string(value) + ", not a positive finite number", "",
          "calibrate the model again"};
  return Done{};
}

/// A parameter that is one number, or one for each slice along an axis.
template <class T>
class Parameter {
 public:
  explicit Parameter(std::vector<T> values) : values_(std::move(values)) {}
  T operator[](std::size_t i) const { return values_[values_.size() == 1 ? 0 : i]; }

 private:
  std::vector<T> values_;
};

/// The zero point in input `i`, 0 where there is none.
inline Parameter<std::int64_t> zero_point(const Call& call, std::size_t i) {
  const bool given = i < call.inputs.size() && call.inputs[i];
  return Parameter(given ? integers_of(*call.inputs[i]) : std::vector<std::int64_t>{0});
}

inline Parameter<float> scale_of(const Call& call, std::size_t i) {
  const std::span<const float> values = call.inputs[i]->as<float>();
  return Parameter(std::vector<float>(values.begin(), values.end()));
}

}  // namespace keel::kernels
