#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "compiler/base/shape.h"

namespace keel::kernels {

/// A loop nest over N strided operands with as few axes as their strides allow. The last axis is
/// the row: `length` elements, operand i moving by steps[i] (elements) each.
template <std::size_t N>
struct Rows {
  Shape outer;                         ///< extents of the axes outside the row
  std::array<Shape, N> outer_strides;  ///< of each operand along them
  std::int64_t length = 1;
  std::array<std::int64_t, N> steps{};
};

/// Merges the axes of `shape` that every operand walks through evenly.
template <std::size_t N>
Rows<N> rows_of(const Shape& shape, const std::array<Shape, N>& strides) {
  Rows<N> rows;
  Shape extents;
  std::array<Shape, N> merged;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == 1) continue;
    bool even = !extents.empty();
    for (std::size_t i = 0; even && i < N; ++i)
      even = merged[i].back() == strides[i][axis] * shape[axis];
    if (even)
      extents.back() *= shape[axis];
    else
      extents.push_back(shape[axis]);
    for (std::size_t i = 0; i < N; ++i) {
      if (even) merged[i].pop_back();
      merged[i].push_back(strides[i][axis]);
    }
  }
  if (!extents.empty()) {
    rows.length = extents.back();
    extents.pop_back();
    for (std::size_t i = 0; i < N; ++i) {
      rows.steps[i] = merged[i].back();
      merged[i].pop_back();
    }
  }
  rows.outer = std::move(extents);
  rows.outer_strides = std::move(merged);
  return rows;
}

/// Calls visit(offsets) for each row, offsets[i] being where operand i starts it, in elements.
template <std::size_t N, class Visit>
void for_each_row(const Rows<N>& rows, Visit visit) {
  if (rows.length == 0 || element_count(rows.outer) == 0) return;
  std::array<std::int64_t, N> offsets{};
  Shape index(rows.outer.size(), 0);
  while (true) {
    visit(std::as_const(offsets));
    std::size_t axis = rows.outer.size();
    for (; axis > 0; --axis) {
      const std::size_t a = axis - 1;
      for (std::size_t i = 0; i < N; ++i) offsets[i] += rows.outer_strides[i][a];
      if (++index[a] < rows.outer[a]) break;
      for (std::size_t i = 0; i < N; ++i) offsets[i] -= rows.outer_strides[i][a] * rows.outer[a];
      index[a] = 0;
    }
    if (axis == 0) return;
  }
}

}  // namespace keel::kernels
