#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "compiler/base/dtype.h"
#include "compiler/base/tensor.h"

namespace keel::accuracy {

/// What rounding loses of a tensor in one sample.
struct SampleLoss {
  std::int64_t overflows = 0;
  std::int64_t underflows = 0;
  std::size_t sample = 0;

  /// More overflows, or as many and more underflows; of equal ones the first sample's.
  bool exceeds(const SampleLoss& other) const;
};

/// What magnitudes a tensor takes over the samples.
struct Range {
  double largest = 0;                                                 ///< max |x|, finite ones
  double smallest_nonzero = std::numeric_limits<double>::infinity();  ///< min |x| > 0
  std::int64_t elements = 0;
  std::int64_t overflows = 0;   ///< |x| that rounds beyond the lowered dtype's largest finite value
  std::int64_t underflows = 0;  ///< x != 0 that rounds to 0 in the lowered dtype
  std::int64_t non_finite = 0;
  int samples = 0;
  int samples_overflowing = 0;
  int samples_underflowing = 0;
  SampleLoss most_lost;  ///< of the sample that shows the losses best

  /// Shares of all elements, 0..1; 0 where there are none.
  double overflow_share() const;
  double underflow_share() const;

  /// Adds one sample's tensor. Other dtypes than floats are ignored.
  void add(const Tensor& tensor, DType lowered, std::size_t sample = 0);
  /// Adds what another thread saw.
  void merge(const Range& other);
};

}  // namespace keel::accuracy
