#pragma once

#include "compiler/base/shape.h"

namespace keel::kernels {

/// A flag an axis, held in place.
using AxisFlags = absl::InlinedVector<bool, 8>;

}  // namespace keel::kernels
