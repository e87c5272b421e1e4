#pragma once

#include <algorithm>
#include <cstddef>

namespace keel::kernels {

/// Accumulators of a reduction that vectorises: its order is fixed, whatever the vector width.
constexpr std::size_t kLanes = 16;

/// Elements reduced before the result joins the total, so that the rounding error of a long sum
/// grows with count / kChunk + kChunk / kLanes and not with count.
constexpr std::size_t kChunk = 2048;

/// join(...join(start, term(x[0]))..., term(x[count-1])) in a fixed order. `start` is neutral. Of
/// blocks: for each of their floats the same.
template <class T, class Term, class Join>
inline __attribute__((always_inline)) T reduce_lanes(const T* x, std::size_t count, float start_at,
                                                     Term term, Join join) {
  const T start = start_at + T{};
  T total = start;
  for (std::size_t begin = 0; begin < count; begin += kChunk) {
    const std::size_t end = std::min(begin + kChunk, count);
    T lanes[kLanes];
    for (T& lane : lanes) lane = start;
    std::size_t i = begin;
    for (; i + kLanes <= end; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        lanes[lane] = join(lanes[lane], term(x[i + lane]));
    for (std::size_t lane = 0; i < end; ++i, ++lane) lanes[lane] = join(lanes[lane], term(x[i]));
    for (std::size_t width = kLanes / 2; width > 0; width /= 2)
      for (std::size_t lane = 0; lane < width; ++lane)
        lanes[lane] = join(lanes[lane], lanes[lane + width]);
    total = join(total, lanes[0]);
  }
  return total;
}

/// The larger, or NaN where either is.
inline float larger(float a, float b) { return ((a > b) | (a != a)) ? a : b; }
inline float smaller(float a, float b) { return ((a < b) | (a != a)) ? a : b; }

}  // namespace keel::kernels
