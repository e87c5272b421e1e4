#pragma once

#include <cstdint>
#include <span>

#include "compiler/base/tensor.h"

namespace keel::kernels {

/// The slices of `x` at `indices` of `axis`, in that order. \pre each lies in [0, extent)
Tensor take(const Tensor& x, std::size_t axis, std::span<const std::int64_t> indices);

}  // namespace keel::kernels
