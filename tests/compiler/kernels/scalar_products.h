#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compiler/base/rounding.h"
#include "compiler/base/shape.h"

// What the cube computes, said a second time: operands are rounded with integers only, so that a
// mistake of round_to() cannot be made here too, and sums are formed in double, one by one.

namespace keel::kernels {

/// fp32 with 11 explicit mantissa bits, ties to even; the exponent has all 8 bits of fp32.
inline float in_hf32(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude >= 0x7f800000u) return value;  // Inf and NaN have no mantissa to round
  const std::uint32_t steps = magnitude / 4096, rest = magnitude % 4096;
  const bool goes_up = rest > 2048 || (rest == 2048 && steps % 2 == 1);
  const std::uint32_t rounded = (steps + (goes_up ? 1 : 0)) * 4096;
  return std::bit_cast<float>((bits & 0x80000000u) | rounded);
}

/// fp16, ties to even. Beyond its range: Inf and NaN, or the largest number and 0.
inline float in_half(float value, Overflow overflow) {
  const bool saturates = overflow == Overflow::Saturate;
  const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(value) & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return saturates ? 0 : value;
  const std::uint32_t exponent = magnitude >> 23;
  // The value is `mantissa` times 2^(exponent - 150); a step of fp16 is 2^13 of these units, and
  // that of 2^-14 (exponent 113) below it.
  const std::uint64_t mantissa = (magnitude & 0x7fffffu) | (exponent > 0 ? 0x800000u : 0u);
  const std::uint32_t dropped = exponent >= 113 ? 13 : std::min(13 + (113 - exponent), 40u);
  const std::uint64_t step = std::uint64_t{1} << dropped;
  const std::uint64_t steps = mantissa / step, rest = mantissa % step;
  const bool goes_up = rest > step / 2 || (rest == step / 2 && steps % 2 == 1);
  const double rounded = std::ldexp(static_cast<double>((steps + (goes_up ? 1 : 0)) * step),
                                    static_cast<int>(exponent) - 150);
  const float beyond = saturates ? 65504 : std::numeric_limits<float>::infinity();
  return std::copysign(rounded > 65504 ? beyond : static_cast<float>(rounded), value);
}

/// \pre format is F32, HF32 or F16
inline float as_operand(FloatFormat format, Overflow overflow, float value) {
  if (format == FloatFormat::F16) return in_half(value, overflow);
  return format == FloatFormat::HF32 ? in_hf32(value) : value;
}

/// y[i] = alpha * the sum of a[first] * b[second] over of_output[i], + beta * c[c_of_output[i]]
/// where there is a c.
struct ScalarProducts {
  using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
  std::vector<Pairs> of_output;
  std::vector<std::size_t> c_of_output;  ///< empty where there is no c
  float alpha = 1, beta = 1;
};

/// One result in double, and what bounds the difference of any other way to sum it in fp32.
struct ScalarSum {
  double value = 0;
  double magnitude = 0;  ///< of all finite terms, added up
  std::size_t terms = 0;
};

inline ScalarSum sum_of(const ScalarProducts& products, std::size_t output,
                        std::span<const float> a, std::span<const float> b,
                        std::span<const float> c) {
  ScalarSum sum;
  const auto add = [&](double term, double before_scaling) {
    sum.value += term;
    if (std::isfinite(term)) sum.magnitude += std::max(std::fabs(term), std::fabs(before_scaling));
    ++sum.terms;
  };
  for (const auto& [i, j] : products.of_output[output]) {
    const double product = static_cast<double>(a[i]) * static_cast<double>(b[j]);
    add(static_cast<double>(products.alpha) * product, product);
  }
  if (products.c_of_output.empty()) return sum;
  const auto addend = static_cast<double>(c[products.c_of_output[output]]);
  add(static_cast<double>(products.beta) * addend, addend);
  return sum;
}

/// How far, in ulps of fp32 at the sum of the magnitudes, n terms summed in fp32 in any order may
/// be from the exact sum. Each of the n - 1 additions rounds by half an ulp at most, as does each
/// product where the operands are fp32 (those of HF32 and fp16 are exact in fp32), a scaling by
/// alpha, one by beta, and the reference's own last rounding.
constexpr double allowed_ulps(std::size_t terms) { return static_cast<double>(terms) / 2 + 2; }

/// Whether `actual` may be `sum` computed in fp32; else what is wrong. Where terms of both signs
/// are too large for fp32, the order decides and any number is right.
inline std::string complaint(float actual, const ScalarSum& sum) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  const std::string found = std::to_string(actual) + " instead of " + std::to_string(sum.value);
  if (std::isnan(sum.value)) return std::isnan(actual) ? "" : found;
  if (sum.magnitude > kLargest) {
    const bool is_infinite = sum.magnitude > 2 * kLargest && std::isfinite(sum.value) &&
                             std::fabs(sum.value) > (1 - 0x1p-40) * sum.magnitude;
    const auto infinity = std::copysign(std::numeric_limits<double>::infinity(), sum.value);
    return !is_infinite || static_cast<double>(actual) == infinity ? "" : found;
  }
  if (std::isinf(sum.value)) return static_cast<double>(actual) == sum.value ? "" : found;
  // Products below the smallest normal number lose up to half a step of 2^-149 each.
  const double allowed =
      allowed_ulps(sum.terms) * 0x1p-23 * sum.magnitude + static_cast<double>(sum.terms) * 0x1p-149;
  if (std::fabs(static_cast<double>(actual) - sum.value) <= allowed) return "";
  return found + ", which may be wrong by " + std::to_string(allowed);
}

}  // namespace keel::kernels
