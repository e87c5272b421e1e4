#include "compiler/kernels/strided_copy.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "compiler/base/check.h"
#include "compiler/kernels/rows.h"

namespace keel::kernels {
namespace {

// Elements a side of a tile: a cache line of 4-byte elements.
constexpr std::int64_t kTile = 16;

// Moves the axis that `from` reads contiguously to the end of the outer ones, so that it and the
// row make the plane that copy_plane() walks in tiles.
void pair_contiguous_axis(Rows<2>& rows) {
  const auto found = std::ranges::find(rows.outer_strides[1], 1);
  if (found == rows.outer_strides[1].end()) return;
  const auto axis = found - rows.outer_strides[1].begin();
  for (Shape* list : {&rows.outer, &rows.outer_strides[0], &rows.outer_strides[1]})
    std::rotate(list->begin() + axis, list->begin() + axis + 1, list->end());
}

struct Innermost {
  std::int64_t count, to_stride, from_stride;
};

// Takes the last outer axis away.
Innermost take_innermost(Rows<2>& rows) {
  const Innermost axis{rows.outer.back(), rows.outer_strides[0].back(),
                       rows.outer_strides[1].back()};
  for (Shape* list : {&rows.outer, &rows.outer_strides[0], &rows.outer_strides[1]})
    list->pop_back();
  return axis;
}

template <class T>
void copy_row(const Rows<2>& rows, T* to, const T* from) {
  const auto [to_step, from_step] = rows.steps;
  if (to_step == 1 && from_step == 1) {
    std::memcpy(to, from, static_cast<std::size_t>(rows.length) * sizeof(T));
  } else if (to_step == 1 && from_step == 0) {
    std::fill_n(to, rows.length, *from);
  } else {
    for (std::int64_t i = 0; i < rows.length; ++i) to[i * to_step] = from[i * from_step];
  }
}

// Rows of a constant length, which one or two moves copy, stepping along the innermost outer axis.
template <std::size_t kLength, class T>
void copy_short_rows(Rows<2> rows, T* to, const T* from) {
  const Innermost axis = take_innermost(rows);
  for_each_row(rows, [&](const auto& at) {
    for (std::int64_t i = 0; i < axis.count; ++i)
      std::memcpy(to + at[0] + i * axis.to_stride, from + at[1] + i * axis.from_stride,
                  kLength * sizeof(T));
  });
}

// Through a tile, so that each cache line of either side is touched once: lines a power of two
// apart share a cache set and would be gone before the walk comes back to them.
template <class T>
void copy_plane(const Rows<2>& rows, std::int64_t count, std::int64_t to_stride, T* to,
                const T* from) {
  const auto [to_step, from_step] = rows.steps;
  T tile[kTile][kTile];
  for (std::int64_t j0 = 0; j0 < rows.length; j0 += kTile)
    for (std::int64_t i0 = 0; i0 < count; i0 += kTile) {
      const std::int64_t i_count = std::min(kTile, count - i0);
      const std::int64_t j_count = std::min(kTile, rows.length - j0);
      for (std::int64_t j = 0; j < j_count; ++j)
        for (std::int64_t i = 0; i < i_count; ++i)
          tile[i][j] = from[(i0 + i) + (j0 + j) * from_step];
      for (std::int64_t i = 0; i < i_count; ++i)
        for (std::int64_t j = 0; j < j_count; ++j)
          to[(i0 + i) * to_stride + (j0 + j) * to_step] = tile[i][j];
    }
}

template <class T>
void copy(Rows<2> rows, std::byte* to_bytes, const std::byte* from_bytes) {
  auto* to = reinterpret_cast<T*>(to_bytes);
  const auto* from = reinterpret_cast<const T*>(from_bytes);
  if (rows.steps[1] != 1 && rows.steps[1] != 0) pair_contiguous_axis(rows);
  if (rows.steps[1] != 0 && !rows.outer.empty() && rows.outer_strides[1].back() == 1) {
    const Innermost axis = take_innermost(rows);
    for_each_row(rows, [&](const auto& at) {
      copy_plane(rows, axis.count, axis.to_stride, to + at[0], from + at[1]);
    });
    return;
  }
  if (rows.steps[0] == 1 && rows.steps[1] == 1 && !rows.outer.empty()) {
    switch (rows.length) {
      case 2:
        return copy_short_rows<2>(std::move(rows), to, from);
      case 3:
        return copy_short_rows<3>(std::move(rows), to, from);
      case 4:
        return copy_short_rows<4>(std::move(rows), to, from);
    }
  }
  for_each_row(rows, [&](const auto& at) { copy_row(rows, to + at[0], from + at[1]); });
}

}  // namespace

void strided_copy(const Shape& shape, std::size_t element_bytes, std::byte* to,
                  const Shape& to_strides, const std::byte* from, const Shape& from_strides) {
  Rows<2> rows = rows_of<2>(shape, {to_strides, from_strides});
  switch (element_bytes) {
    case 1:
      return copy<std::uint8_t>(std::move(rows), to, from);
    case 2:
      return copy<std::uint16_t>(std::move(rows), to, from);
    case 4:
      return copy<std::uint32_t>(std::move(rows), to, from);
    case 8:
      return copy<std::uint64_t>(std::move(rows), to, from);
  }
  KEEL_CHECK(false && "no dtype has elements of this size");
}

}  // namespace keel::kernels
