#include "compiler/base/rounding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "compiler/base/random.h"

namespace keel {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Grid {
  FloatFormat format;
  int mantissa_bits;      // explicit ones
  int smallest_exponent;  // of a normal number
  double largest;         // finite
};
constexpr Grid kF16{FloatFormat::F16, 10, -14, 65504.0};
constexpr Grid kBf16{FloatFormat::BF16, 7, -126, 0x1.fep127};
constexpr Grid kHf32{FloatFormat::HF32, 11, -126, 0x1.ffep127};
constexpr Grid kGrids[] = {kF16, kBf16, kHf32};

// The definition: the grid point nearest in exact arithmetic, the even one of two; beyond half a
// step past the largest, infinity. Doubles hold every quotient here exactly.
double nearest_on_grid(const Grid& grid, float value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int exponent = std::max(std::ilogb(value), grid.smallest_exponent);
  const double step = std::ldexp(1.0, exponent - grid.mantissa_bits);
  const double steps = static_cast<double>(value) / step;
  const double below = std::floor(steps), above = below + 1;
  const double to_below = steps - below, to_above = above - steps;
  double chosen = to_below < to_above ? below : above;
  if (to_below == to_above) chosen = std::fmod(below, 2) == 0 ? below : above;
  const double rounded = chosen * step;
  return std::fabs(rounded) > grid.largest ? std::copysign(kInf, rounded) : rounded;
}

void expect_nearest(const Grid& grid, float value) {
  const double wanted = nearest_on_grid(grid, value);
  const float rounded = round_to(grid.format, Overflow::InfNan, value);
  ASSERT_EQ(static_cast<double>(rounded), wanted) << "value " << value;
  ASSERT_EQ(std::signbit(rounded), std::signbit(value)) << "value " << value;
}

TEST(Rounding, EveryHalfPatternRoundTrips) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float value = f16_value(bits);
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(f16_value(f16_bits(value))));
      continue;
    }
    ASSERT_EQ(f16_bits(value), bits);
    ASSERT_EQ(round_to(FloatFormat::F16, Overflow::InfNan, value), value);
  }
}

TEST(Rounding, EveryBfloatPatternRoundTrips) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float value = bf16_value(bits);
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(bf16_value(bf16_bits(value))));
      continue;
    }
    ASSERT_EQ(bf16_bits(value), bits);
    ASSERT_EQ(round_to(FloatFormat::BF16, Overflow::InfNan, value), value);
  }
}

TEST(Rounding, RandomPatternsRoundToTheNearest) {
  Rng rng(1);
  for (int i = 0; i < 300000; ++i) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(rng.next()));
    if (!std::isfinite(value)) continue;
    for (const Grid& grid : kGrids) expect_nearest(grid, value);
  }
}

TEST(Rounding, NumbersOfTheHalfRangeRoundToTheNearest) {
  Rng rng(2);
  for (int i = 0; i < 300000; ++i) {
    const int exponent = static_cast<int>(rng.below(44)) - 27;
    const double sign = rng.below(2) ? 1 : -1;
    expect_nearest(kF16, static_cast<float>(std::ldexp(sign * (1 + rng.uniform()), exponent)));
  }
}

TEST(Rounding, TiesAndTheirNeighboursRoundToTheNearest) {
  for (std::uint32_t i = 0; i < 0x7c00; ++i) {
    const float low = f16_value(static_cast<std::uint16_t>(i));
    const float high = i + 1 == 0x7c00 ? 65536.0f : f16_value(static_cast<std::uint16_t>(i + 1));
    const float tie = (low + high) / 2;
    for (const float value : {tie, std::nextafter(tie, 0.0f), std::nextafter(tie, kInf)}) {
      expect_nearest(kF16, value);
      expect_nearest(kF16, -value);
    }
  }
}

TEST(Rounding, OverflowGoesToInfinityOrSaturates) {
  for (const Grid& grid : {kF16, kBf16}) {
    const auto largest = static_cast<float>(grid.largest);
    const float beyond = std::numeric_limits<float>::max();
    EXPECT_EQ(round_to(grid.format, Overflow::InfNan, beyond), kInf);
    EXPECT_EQ(round_to(grid.format, Overflow::InfNan, -kInf), -kInf);
    EXPECT_TRUE(std::isnan(round_to(grid.format, Overflow::InfNan, kNan)));
    EXPECT_EQ(round_to(grid.format, Overflow::Saturate, beyond), largest);
    EXPECT_EQ(round_to(grid.format, Overflow::Saturate, -kInf), -largest);
    EXPECT_EQ(round_to(grid.format, Overflow::Saturate, kNan), 0.0f);
    EXPECT_EQ(round_to(grid.format, Overflow::Saturate, largest), largest);
  }
  EXPECT_EQ(round_to(FloatFormat::F16, Overflow::InfNan, 65519.0f), 65504.0f);
  EXPECT_EQ(round_to(FloatFormat::F16, Overflow::InfNan, 65520.0f), kInf);
}

TEST(Rounding, Fp32FormatsDoNotSaturate) {
  for (const FloatFormat format : {FloatFormat::F32, FloatFormat::HF32}) {
    EXPECT_EQ(round_to(format, Overflow::Saturate, kInf), kInf);
    EXPECT_TRUE(std::isnan(round_to(format, Overflow::Saturate, kNan)));
  }
  EXPECT_EQ(round_to(FloatFormat::F32, Overflow::Saturate, 0x1.fffffep127f), 0x1.fffffep127f);
}

TEST(Rounding, InPlaceEqualsOneByOne) {
  Rng rng(4);
  std::vector<float> values{0.0f, -0.0f, kInf, -kInf, kNan, 65504.0f, 65520.0f, -65536.0f, 1e-8f};
  for (int i = 0; i < 100000; ++i)
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(rng.next())));
  for (std::uint32_t i = 0; i < 0x7c00; ++i)
    values.push_back(f16_value(static_cast<std::uint16_t>(i)) * 1.0004883f);
  for (const FloatFormat format :
       {FloatFormat::F32, FloatFormat::F16, FloatFormat::BF16, FloatFormat::HF32})
    for (const Overflow overflow : {Overflow::InfNan, Overflow::Saturate}) {
      std::vector<float> rounded = values;
      round_in_place(format, overflow, rounded);
      // Few elements take the way that needs no instruction of its own.
      std::vector<float> in_parts = values;
      for (std::size_t i = 0; i < in_parts.size(); i += 7)
        round_in_place(
            format, overflow,
            std::span(in_parts).subspan(i, std::min<std::size_t>(7, in_parts.size() - i)));
      EXPECT_EQ(std::memcmp(in_parts.data(), rounded.data(), rounded.size() * sizeof(float)), 0);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const float wanted = round_to(format, overflow, values[i]);
        if (std::isnan(wanted)) {
          ASSERT_TRUE(std::isnan(rounded[i]));
        } else {
          ASSERT_EQ(std::bit_cast<std::uint32_t>(rounded[i]), std::bit_cast<std::uint32_t>(wanted))
              << "value " << values[i];
        }
      }
    }
}

TEST(Rounding, FormatOfATunableDType) {
  EXPECT_EQ(format_of(DType::F32), FloatFormat::F32);
  EXPECT_EQ(format_of(DType::F16), FloatFormat::F16);
  EXPECT_EQ(format_of(DType::BF16), FloatFormat::BF16);
}

}  // namespace
}  // namespace keel
