#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "compiler/base/shape.h"

namespace keel::kernels {

/// Calls visit(index) for each index of `shape`, the last axis fastest.
template <class Visit>
void for_each_index(const Shape& shape, Visit visit) {
  if (element_count(shape) == 0) return;
  Shape index(shape.size(), 0);
  while (true) {
    visit(index);
    std::size_t axis = shape.size();
    while (axis > 0 && ++index[axis - 1] == shape[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

/// Position of the element at `index` in a tensor of these strides.
inline std::size_t offset_of(std::span<const std::int64_t> index,
                             std::span<const std::int64_t> strides) {
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < index.size(); ++i) offset += index[i] * strides[i];
  return static_cast<std::size_t>(offset);
}

/// `axis` counted from the front. \pre it lies in [-rank, rank]
inline std::size_t axis_index(std::int64_t axis, std::size_t rank) {
  return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
}

}  // namespace keel::kernels
