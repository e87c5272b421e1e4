#pragma once

#include <cstdint>
#include <span>

#include "compiler/base/dtype.h"

namespace keel {

/// What happens to a float that the narrower format cannot hold. A property of the SoC.
enum class Overflow : std::uint8_t {
  InfNan = 0,  ///< IEEE: becomes Inf, NaN stays NaN (910B, 910_93)
  Saturate =
      1,  ///< beyond the largest finite: that value; Inf likewise; NaN becomes 0 (310*, 910A)
};

/// Number formats a value can be rounded to on its way through the NPU.
enum class FloatFormat : std::uint8_t {
  F32 = 0,
  F16 = 1,
  BF16 = 2,
  HF32 = 3,  ///< fp32 storage with 11 explicit mantissa bits, the cube's fast fp32
};

/// The format of a tensor dtype. \pre is_tunable_float(dtype)
FloatFormat format_of(DType dtype);

/// `value` rounded to nearest, ties to even, on the grid of `format`, subnormals included.
/// F32 is the identity (Saturate applies to fp16 and bf16 only). HF32 rounds ties to even and keeps
/// the exponent range of fp32.
float round_to(FloatFormat format, Overflow overflow, float value);

/// round_to() on each element.
void round_in_place(FloatFormat format, Overflow overflow, std::span<float> values);

/// Bit patterns of the storage formats, for files and tests. f16_bits rounds as round_to(F16).
std::uint16_t f16_bits(float value);
float f16_value(std::uint16_t bits);
std::uint16_t bf16_bits(float value);
float bf16_value(std::uint16_t bits);

}  // namespace keel
