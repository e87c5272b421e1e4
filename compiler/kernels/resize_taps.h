#pragma once

#include <vector>

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// What a Resize reads along one axis: element i of the result is the sum over t < count of
/// weights[i * count + t] times the element at indices[i * count + t].
struct ResizeTaps {
  bool is_identity = false;  ///< the axis stays as it is
  std::int64_t count = 1;
  std::vector<std::int64_t> indices;  ///< all on the axis
  std::vector<double> weights;
  std::vector<bool> is_outside;  ///< TfCropAndResize: element i is the extrapolation value
};

/// One for each axis of x. \pre the op is a Resize, and the extents of the result are known
Result<std::vector<ResizeTaps>> resize_taps(const Call& call);

}  // namespace keel::kernels
