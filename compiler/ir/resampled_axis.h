#pragma once

#include <vector>

#include "compiler/ir/shape_inference.h"

namespace keel::ir {

/// How far a Resize stretches one axis: by to / from. As a fraction, so that positions in axes
/// whose new extents are given are exact.
struct ResampledAxis {
  std::int64_t input = 1, output = 1;  ///< extents
  double from = 1, to = 1;

  double scale() const { return to / from; }
  /// The extent of the result before it was rounded to `output`.
  double length() const { return static_cast<double>(input) * to / from; }
};

/// One for each axis of an x of this shape.
///
/// \param scales, sizes  the inputs of a Resize; null or empty where not given
/// \error InvalidModel  none or both are given, or another number of them than axes; a scale is not
///                      positive and finite; an axis without elements would get some
Result<std::vector<ResampledAxis>> resampled_axes(const Resize& op, const Shape& shape,
                                                  const Tensor* scales, const Tensor* sizes);

}  // namespace keel::ir
