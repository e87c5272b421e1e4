#pragma once

#include <cstdint>

#include "compiler/base/host_type.h"
#include "compiler/kernels/index.h"

namespace keel::kernels {

/// A tensor of `shape` in the dtype of `x` whose element at `index` is the one of `x` at
/// `offset(index)`, or 0 where that is negative.
template <class OffsetAt>
Tensor pick(const Tensor& x, const Shape& shape, OffsetAt offset) {
  Tensor y(x.dtype(), shape);
  with_host_type(x.dtype(), [&](auto element) {
    using T = decltype(element);
    const std::span<const T> from = x.as<T>();
    auto to = y.fill<T>().begin();
    for_each_index(shape, [&](const Shape& index) {
      const std::int64_t at = offset(index);
      *to++ = at < 0 ? T{0} : from[static_cast<std::size_t>(at)];
    });
  });
  return y;
}

}  // namespace keel::kernels
