#pragma once

#include <cstddef>
#include <span>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"

namespace keel::accuracy {

/// Bytes of a tensor in a file, where F16 and BF16 take two bytes an element.
std::size_t raw_bytes(const TensorType& type);

/// A tensor from little-endian elements in row-major order. A Bool is true unless its byte is 0.
/// \pre data.size() == raw_bytes(type)
Tensor from_raw(const TensorType& type, std::span<const std::byte> data);

/// The same numbers in another dtype: floats to floats (rounded), integers and Bool to integers
/// and Bool (exactly).
///
/// \error InvalidConfig  the dtypes are of different kinds, or an element does not fit; `what` has
///     both dtypes or the element, `where` is left to the caller
Result<Tensor> converted(const Tensor& tensor, DType dtype);

/// Index of the first NaN or Inf; empty where there is none, as in every integer tensor.
std::optional<std::size_t> first_non_finite(const Tensor& tensor);

}  // namespace keel::accuracy
