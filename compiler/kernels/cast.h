#pragma once

#include "compiler/base/tensor.h"

namespace keel::kernels {

/// The elements as `dtype` by ONNX's rules: a float becomes an integer by truncation, held to the
/// integer's range, NaN to 0; an integer wraps into a narrower one; anything but 0 is true.
/// Among the tunable floats nothing is rounded and the bytes are shared; the result is F32.
Tensor cast(const Tensor& tensor, DType dtype);

}  // namespace keel::kernels
