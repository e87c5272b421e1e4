#pragma once

#include <cstdint>

#include "compiler/base/tensor.h"

namespace keel::accuracy {

/// Sums over the elements of an output y and its reference r, in double precision, added in an
/// order that depends on their number only.
struct Difference {
  double squared_error = 0;      ///< sum of (y - r)^2
  double squared_output = 0;     ///< sum of y^2
  double squared_reference = 0;  ///< sum of r^2
  double product = 0;            ///< sum of y * r
  double largest_error = 0;      ///< max |y - r|
  std::int64_t non_finite = 0;   ///< elements where y is Inf or NaN and r is finite
  bool infinite = false;         ///< some y is infinitely far from r: the errors are infinite
};

/// One pass over both. Elements whose reference is NaN, or the same Inf as the output, are left
/// out. Where the shapes differ, because they follow from the data, nothing corresponds: every
/// element of either is off by all it is. \pre dtypes that one host type holds
Difference measure(const Tensor& output, const Tensor& reference);

}  // namespace keel::accuracy
