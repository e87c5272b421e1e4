#pragma once

#include <cmath>
#include <concepts>
#include <limits>

#include "compiler/base/tensor.h"

namespace keel::kernels {

/// One element by ONNX's rules: a float becomes an integer by truncation, held to the integer's
/// range, NaN to 0; an integer wraps into a narrower one.
template <class To, class From>
To converted(From value) {
  if constexpr (std::floating_point<From> && std::integral<To>) {
    if (std::isnan(value)) return 0;
    // The largest To may round up to a power of two as a From, so the bound itself is beyond.
    constexpr auto kBound = static_cast<From>(std::numeric_limits<To>::max());
    constexpr auto kLowest = static_cast<From>(std::numeric_limits<To>::lowest());
    if (value >= kBound) return std::numeric_limits<To>::max();
    if (value <= kLowest) return std::numeric_limits<To>::lowest();
  }
  return static_cast<To>(value);
}

/// The elements as `dtype`, each converted(); as Bool anything but 0 is true. Among the tunable
/// floats nothing is rounded and the bytes are shared; the result is F32.
Tensor cast(const Tensor& tensor, DType dtype);

}  // namespace keel::kernels
