#include "compiler/base/rounding.h"

#include <bit>
#include <cmath>
#include <limits>

#include "compiler/base/check.h"
#include "compiler/base/wide.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

namespace keel {
namespace {

constexpr float kF16Max = 65504.0f;
constexpr float kF16OverflowsAt = 65520.0f;  // halfway to the next power of two
constexpr float kF16SmallestNormal = 0x1p-14f;
constexpr float kBf16Max = 0x1.fep127f;
constexpr float kInf = std::numeric_limits<float>::infinity();

// Rounds the low `bits` mantissa bits away, ties to even. A carry into the exponent is correct.
float drop_mantissa(float value, int bits) {
  const auto u = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t half = (1u << (bits - 1)) - 1u;
  const std::uint32_t odd = (u >> bits) & 1u;
  return std::bit_cast<float>((u + half + odd) & ~((1u << bits) - 1u));
}

// 0.75 has an ulp of 2^-24, the spacing of fp16 subnormals, so the sum rounds to that grid. The
// sign is put back because -x + 0.75 - 0.75 may give +0.
float round_f16_subnormal(float value) {
  return std::copysign((std::fabs(value) + 0.75f) - 0.75f, value);
}

float beyond(Overflow overflow, float value, float largest) {
  if (overflow == Overflow::InfNan) return std::isnan(value) ? value : std::copysign(kInf, value);
  return std::isnan(value) ? 0.0f : std::copysign(largest, value);
}

float to_f16(Overflow overflow, float value) {
  const float magnitude = std::fabs(value);
  if (!(magnitude < kF16OverflowsAt)) return beyond(overflow, value, kF16Max);
  return magnitude < kF16SmallestNormal ? round_f16_subnormal(value) : drop_mantissa(value, 13);
}

float to_bf16(Overflow overflow, float value) {
  if (!std::isfinite(value)) return beyond(overflow, value, kBf16Max);
  const float rounded = drop_mantissa(value, 16);
  return std::isfinite(rounded) ? rounded : beyond(overflow, rounded, kBf16Max);
}

float to_hf32(float value) { return std::isfinite(value) ? drop_mantissa(value, 12) : value; }

// Elements rounded by one turn of a loop of known length, which is what -O2 vectorises.
constexpr std::size_t kBlock = 16;

template <class Round>
KEEL_WIDE void round_each(float* values, std::size_t count, Round round) {
  std::size_t i = 0;
  for (; i + kBlock <= count; i += kBlock)
    for (std::size_t j = 0; j < kBlock; ++j) values[i + j] = round(values[i + j]);
  for (; i < count; ++i) values[i] = round(values[i]);
}

// The roundings above without a branch: every outcome, then selects, on bits so that no comparison
// can trap. A magnitude is the bits without the sign and orders as the number does.

constexpr std::uint32_t kSign = 0x80000000u;
constexpr std::uint32_t kInfBits = 0x7f800000u;

constexpr std::uint32_t bits_of(float value) { return std::bit_cast<std::uint32_t>(value); }

void round_f16_in_place(Overflow overflow, std::span<float> values) {
  const bool saturate = overflow == Overflow::Saturate;
  const std::uint32_t too_large = bits_of(saturate ? kF16Max : kInf);
  round_each(values.data(), values.size(), [=](float value) {
    const std::uint32_t magnitude = bits_of(value) & ~kSign;
    const std::uint32_t normal = bits_of(drop_mantissa(std::bit_cast<float>(magnitude), 13));
    const std::uint32_t subnormal = bits_of((std::bit_cast<float>(magnitude) + 0.75f) - 0.75f);
    std::uint32_t rounded = magnitude < bits_of(kF16SmallestNormal) ? subnormal : normal;
    rounded = magnitude >= bits_of(kF16OverflowsAt) ? too_large : rounded;
    rounded |= bits_of(value) & kSign;
    const std::uint32_t of_nan = saturate ? 0 : bits_of(value);
    return std::bit_cast<float>(magnitude > kInfBits ? of_nan : rounded);
  });
}

#if defined(__x86_64__) && defined(__GNUC__)
constexpr std::size_t kConverted = 8;  // floats a conversion to fp16 and back takes

// As above, of the first elements: how many, it returns. The conversions round as the device does,
// but shorten what a NaN carries, and know no saturation.
__attribute__((target("avx2,f16c"))) std::size_t round_f16_by_conversion(Overflow overflow,
                                                                         std::span<float> values) {
  const bool saturate = overflow == Overflow::Saturate;
  const __m256 largest = _mm256_set1_ps(kF16Max);
  const __m256 lowest = _mm256_set1_ps(-kF16Max);
  std::size_t i = 0;
  for (; i + kConverted <= values.size(); i += kConverted) {
    const __m256 x = _mm256_loadu_ps(&values[i]);
    const __m256 is_nan = _mm256_cmp_ps(x, x, _CMP_UNORD_Q);
    __m256 y = _mm256_cvtph_ps(_mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
    y = saturate ? _mm256_andnot_ps(is_nan, _mm256_min_ps(_mm256_max_ps(y, lowest), largest))
                 : _mm256_blendv_ps(y, x, is_nan);
    _mm256_storeu_ps(&values[i], y);
  }
  return i;
}

bool has_conversions() {
  static const bool has = __builtin_cpu_supports("avx2");  // no processor has it without F16C
  return has;
}
#else
std::size_t round_f16_by_conversion(Overflow, std::span<float>) { return 0; }
bool has_conversions() { return false; }
#endif

void round_bf16_in_place(Overflow overflow, std::span<float> values) {
  const bool saturate = overflow == Overflow::Saturate;
  const std::uint32_t too_large = bits_of(saturate ? kBf16Max : kInf);
  round_each(values.data(), values.size(), [=](float value) {
    const std::uint32_t magnitude = bits_of(value) & ~kSign;
    std::uint32_t rounded = bits_of(drop_mantissa(std::bit_cast<float>(magnitude), 16));
    rounded = rounded >= kInfBits ? too_large : rounded;
    rounded |= bits_of(value) & kSign;
    const std::uint32_t of_nan = saturate ? 0 : bits_of(value);
    return std::bit_cast<float>(magnitude > kInfBits ? of_nan : rounded);
  });
}

void round_hf32_in_place(std::span<float> values) {
  round_each(values.data(), values.size(), [](float value) {
    const std::uint32_t rounded = bits_of(drop_mantissa(value, 12));
    const bool is_finite = (bits_of(value) & ~kSign) < kInfBits;
    return std::bit_cast<float>(is_finite ? rounded : bits_of(value));
  });
}

}  // namespace

FloatFormat format_of(DType dtype) {
  KEEL_CHECK(is_tunable_float(dtype));
  if (dtype == DType::F16) return FloatFormat::F16;
  return dtype == DType::BF16 ? FloatFormat::BF16 : FloatFormat::F32;
}

float round_to(FloatFormat format, Overflow overflow, float value) {
  switch (format) {
    case FloatFormat::F32:
      return value;
    case FloatFormat::F16:
      return to_f16(overflow, value);
    case FloatFormat::BF16:
      return to_bf16(overflow, value);
    case FloatFormat::HF32:
      return to_hf32(value);
  }
  KEEL_CHECK(false && "a FloatFormat outside its enumeration");
}

void round_in_place(FloatFormat format, Overflow overflow, std::span<float> values) {
  switch (format) {
    case FloatFormat::F32:
      return;
    case FloatFormat::F16:
      if (has_conversions()) values = values.subspan(round_f16_by_conversion(overflow, values));
      return round_f16_in_place(overflow, values);
    case FloatFormat::BF16:
      return round_bf16_in_place(overflow, values);
    case FloatFormat::HF32:
      return round_hf32_in_place(values);
  }
}

std::uint16_t f16_bits(float value) {
  const float rounded = to_f16(Overflow::InfNan, value);
  const auto u = std::bit_cast<std::uint32_t>(rounded);
  const auto sign = static_cast<std::uint16_t>((u >> 16) & 0x8000u);
  if (std::isnan(rounded)) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (std::isinf(rounded)) return static_cast<std::uint16_t>(sign | 0x7c00u);
  const float magnitude = std::fabs(rounded);
  if (magnitude < kF16SmallestNormal)
    return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(magnitude * 0x1p24f));
  const std::uint32_t exponent = ((u >> 23) & 0xffu) - 127u + 15u;
  return static_cast<std::uint16_t>(sign | (exponent << 10) | ((u >> 13) & 0x3ffu));
}

float f16_value(std::uint16_t bits) {
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t mantissa = bits & 0x3ffu;
  float magnitude = 0;
  if (exponent == 0) {
    magnitude = static_cast<float>(mantissa) * 0x1p-24f;
  } else if (exponent == 31) {
    magnitude = mantissa ? std::numeric_limits<float>::quiet_NaN() : kInf;
  } else {
    magnitude = std::bit_cast<float>(((exponent + 112u) << 23) | (mantissa << 13));
  }
  return bits & 0x8000u ? -magnitude : magnitude;
}

std::uint16_t bf16_bits(float value) {
  const float rounded = to_bf16(Overflow::InfNan, value);
  if (std::isnan(rounded)) return 0x7fc0u;
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(rounded) >> 16);
}

float bf16_value(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace keel
