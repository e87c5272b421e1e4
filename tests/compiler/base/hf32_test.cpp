#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "compiler/base/random.h"
#include "compiler/base/rounding.h"

namespace keel {
namespace {

// HF32 keeps 11 explicit mantissa bits of 23.
constexpr std::uint32_t kStep = 1u << 12;
constexpr std::uint32_t kExponents = 256;

// The upper mantissa bits that are not part of the last kept one: carries run through all, some or
// none of them.
std::vector<std::uint32_t> prefixes(Rng& rng) {
  std::vector<std::uint32_t> result{0, 0x7fe000};
  for (int i = 0; i < 3; ++i)
    result.push_back(static_cast<std::uint32_t>(rng.below(1024)) * 2 * kStep);
  return result;
}

// Checked on bits, which order as the magnitudes do: the nearest multiple of kStep, the one with an
// even quotient of two; Inf and NaN as they are.
std::uint32_t nearest(std::uint32_t bits) {
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude >= 0x7f800000u) return bits;
  const std::uint32_t below = magnitude / kStep * kStep, above = below + kStep;
  const std::uint32_t to_below = magnitude - below, to_above = above - magnitude;
  const std::uint32_t even = below / kStep % 2 == 0 ? below : above;
  const std::uint32_t chosen = to_below == to_above ? even : to_below < to_above ? below : above;
  return (bits & 0x80000000u) | chosen;
}

// Every pattern of the bits that decide, in every exponent and sign.
TEST(Hf32, RoundsToTheNearestWithElevenMantissaBits) {
  Rng rng(11);
  std::vector<float> values, in_place;
  for (const std::uint32_t prefix : prefixes(rng))
    for (std::uint32_t exponent = 0; exponent < kExponents; ++exponent) {
      values.clear();
      for (std::uint32_t low = 0; low < 2 * kStep; ++low)
        for (const std::uint32_t sign : {0u, 0x80000000u})
          values.push_back(std::bit_cast<float>(sign | exponent << 23 | prefix | low));
      in_place = values;
      round_in_place(FloatFormat::HF32, Overflow::InfNan, in_place);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto bits = std::bit_cast<std::uint32_t>(values[i]);
        const float one = round_to(FloatFormat::HF32, Overflow::Saturate, values[i]);
        ASSERT_EQ(std::bit_cast<std::uint32_t>(one), nearest(bits)) << std::hex << bits;
        ASSERT_EQ(std::bit_cast<std::uint32_t>(in_place[i]), nearest(bits)) << std::hex << bits;
      }
    }
}

TEST(Hf32, HasTheExponentsOfFp32) {
  const auto rounded = [](float value) {
    return round_to(FloatFormat::HF32, Overflow::InfNan, value);
  };
  for (const float value : {0x1p-126f, 0x1p-137f, 0x1.ffep127f, -0x1.8p100f})
    EXPECT_EQ(rounded(value), value);
  EXPECT_EQ(rounded(0x1p-138f), 0.0f);            // half of the last step of the subnormals: even
  EXPECT_EQ(rounded(0x1.8p-138f), 0x1p-137f);     // above half
  EXPECT_EQ(rounded(0x1.fff8p-127f), 0x1p-126f);  // a subnormal becomes normal
}

}  // namespace
}  // namespace keel
