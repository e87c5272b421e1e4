#pragma once

#include <cstddef>

#include "compiler/base/shape.h"

namespace keel::kernels {

/// Copies the elements of `shape` from one strided array to another. Strides are in elements; those
/// of the source may be 0 or negative. The arrays do not overlap.
/// \pre element_bytes is 1, 2, 4 or 8
void strided_copy(const Shape& shape, std::size_t element_bytes, std::byte* to,
                  const Shape& to_strides, const std::byte* from, const Shape& from_strides);

}  // namespace keel::kernels
