#pragma once

#include "compiler/base/shape.h"
#include "compiler/kernels/index.h"

namespace keel::kernels {

/// A row-major tensor as the lines along one axis, or along the last axes: element i of the line
/// at (o, n) is at (o * length + i) * inner + n.
struct AxisLines {
  std::int64_t outer = 1, length = 1, inner = 1;

  /// Calls visit(start) with the position of the first element of each line that has one, in
  /// row-major order. Its elements are `inner` apart.
  template <class Visit>
  void for_each(Visit visit) const {
    if (length == 0 || inner == 0) return;
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t n = 0; n < inner; ++n) visit(o * length * inner + n);
  }
};

/// \param flatten  the axes behind `axis` belong to the line too
inline AxisLines lines_along(const Shape& shape, std::int64_t axis, bool flatten = false) {
  const std::size_t first = axis_index(axis, shape.size());
  AxisLines lines;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_along = i == first || (flatten && i > first);
    (is_along ? lines.length : (i < first ? lines.outer : lines.inner)) *= shape[i];
  }
  return lines;
}

}  // namespace keel::kernels
