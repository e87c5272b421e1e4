#include "profiler/accuracy/ranges.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "compiler/base/random.h"
#include "compiler/base/rounding.h"

namespace keel::accuracy {
namespace {

Tensor floats(const std::vector<float>& values) {
  return make_f32({static_cast<std::int64_t>(values.size())}, values);
}

Range range_of(const std::vector<float>& values, DType lowered = DType::F16) {
  Range range;
  range.add(floats(values), lowered);
  return range;
}

void expect_same(const Range& a, const Range& b) {
  EXPECT_EQ(a.largest, b.largest);
  EXPECT_EQ(a.smallest_nonzero, b.smallest_nonzero);
  EXPECT_EQ(a.elements, b.elements);
  EXPECT_EQ(a.overflows, b.overflows);
  EXPECT_EQ(a.underflows, b.underflows);
  EXPECT_EQ(a.non_finite, b.non_finite);
  EXPECT_EQ(a.samples, b.samples);
  EXPECT_EQ(a.samples_overflowing, b.samples_overflowing);
  EXPECT_EQ(a.samples_underflowing, b.samples_underflowing);
}

// What the contract says, element by element, with round_to() as the authority.
Range by_rounding(const std::vector<float>& values, DType lowered) {
  Range range;
  for (const float value : values) {
    if (!std::isfinite(value)) {
      ++range.non_finite;
      continue;
    }
    const double magnitude = std::fabs(static_cast<double>(value));
    range.largest = std::max(range.largest, magnitude);
    if (magnitude > 0) range.smallest_nonzero = std::min(range.smallest_nonzero, magnitude);
    const float rounded = round_to(format_of(lowered), Overflow::InfNan, value);
    range.overflows += std::isinf(rounded);
    range.underflows += value != 0 && rounded == 0;
  }
  range.elements = static_cast<std::int64_t>(values.size());
  range.samples = 1;
  range.samples_overflowing = range.overflows > 0;
  range.samples_underflowing = range.underflows > 0;
  return range;
}

TEST(Range, FindsTheExtremesOfFiniteElements) {
  const Range range = range_of({0, -3, 0.5f, INFINITY, NAN, 2});
  EXPECT_EQ(range.largest, 3);
  EXPECT_EQ(range.smallest_nonzero, 0.5);
  EXPECT_EQ(range.non_finite, 2);
  EXPECT_EQ(range.elements, 6);
  EXPECT_EQ(range.overflows, 0);
}

TEST(Range, OfZerosHasNoSmallest) {
  const Range range = range_of({0, -0.0f});
  EXPECT_EQ(range.largest, 0);
  EXPECT_EQ(range.smallest_nonzero, HUGE_VAL);
  EXPECT_EQ(range.underflows, 0);
}

TEST(Range, BordersAreWhereRoundingLoses) {
  for (const DType lowered : {DType::F16, DType::BF16, DType::F32}) {
    std::vector<float> values = {65504.0f,  65520.0f,    -65520.0f,   0x1p-25f,
                                 -0x1p-24f, 0x1.fep127f, 0x1.ffp127f, -0x1.fffffep127f,
                                 0x1p-133f, 0x1p-134f,   0x1p-149f};
    for (std::size_t i = 0, n = values.size(); i < n; ++i) {
      values.push_back(std::nextafter(values[i], 0.0f));
      const float above = std::nextafter(values[i], std::copysign(HUGE_VALF, values[i]));
      if (std::isfinite(above)) values.push_back(above);
    }
    for (const float value : values)
      expect_same(range_of({value}, lowered), by_rounding({value}, lowered));
  }
}

TEST(Range, MatchesRoundingOnEveryKindOfFloat) {
  Rng rng(9);
  for (const std::size_t length : {1u, 2u, 4095u, 4096u, 4097u, 20000u}) {
    std::vector<float> values(length);
    for (float& value : values)
      value = std::bit_cast<float>(static_cast<std::uint32_t>(rng.next()));
    for (const DType lowered : {DType::F16, DType::BF16, DType::F32})
      expect_same(range_of(values, lowered), by_rounding(values, lowered));
  }
}

TEST(Range, CountsTheSamplesThatLoseSomething) {
  Range range;
  range.add(floats({70000, 80000}), DType::F16);
  range.add(floats({1}), DType::F16);
  range.add(floats({1e-9f}), DType::F16);
  EXPECT_EQ(range.samples, 3);
  EXPECT_EQ(range.samples_overflowing, 1);
  EXPECT_EQ(range.samples_underflowing, 1);
  EXPECT_EQ(range.overflows, 2);
  EXPECT_EQ(range.elements, 4);
}

TEST(Range, NamesTheSampleThatLosesMost) {
  const auto most = [](std::vector<std::vector<float>> samples) {
    Range range;
    for (std::size_t s = 0; s < samples.size(); ++s) range.add(floats(samples[s]), DType::F16, s);
    return range.most_lost.sample;
  };
  EXPECT_EQ(most({{1, 2}, {1e-9f, 1}, {1e-9f, 1e-9f}, {1e-9f, 0}}), 2u);
  EXPECT_EQ(most({{1e-9f, 1e-9f}, {70000, 1}, {1e-9f, 1e-9f}}), 1u) << "overflows come first";
  EXPECT_EQ(most({{1, 1}, {1e-9f, 1}, {1, 1e-9f}}), 1u) << "of equal ones the first";

  Range merged;
  for (const std::size_t s : {1, 2, 0}) {
    Range own;
    own.add(floats({1e-9f, s == 0 ? 1.0f : 1e-9f}), DType::F16, s);
    merged.merge(own);
  }
  EXPECT_EQ(merged.most_lost.sample, 1u) << "whatever the order in which threads end";
}

TEST(Range, SharesAreOfAllElements) {
  EXPECT_EQ(Range().overflow_share(), 0);
  EXPECT_EQ(Range().underflow_share(), 0);
  Range range = range_of({70000, 1e-9f, -1e-9f, 0, NAN});
  EXPECT_DOUBLE_EQ(range.overflow_share(), 0.2);
  EXPECT_DOUBLE_EQ(range.underflow_share(), 0.4);
  range.merge(range_of({1, 2, 3, 4, 5}));
  EXPECT_DOUBLE_EQ(range.overflow_share(), 0.1);
  EXPECT_DOUBLE_EQ(range.underflow_share(), 0.2);
}

TEST(Range, CountsTheLossesOfTheLoweredDtype) {
  EXPECT_EQ(range_of({70000, 1e-9f}, DType::F16).overflows, 1);
  EXPECT_EQ(range_of({70000, 1e-9f}, DType::F16).underflows, 1);
  for (const DType wide : {DType::BF16, DType::F32}) {
    EXPECT_EQ(range_of({70000, 1e-9f}, wide).overflows, 0);
    EXPECT_EQ(range_of({70000, 1e-9f}, wide).underflows, 0);
  }
}

TEST(Range, MergesInAnyOrderToTheSame) {
  const std::vector<std::vector<float>> samples = {{70000, 1}, {1e-9f, NAN}, {0.5f}};
  Range whole;
  for (const std::vector<float>& sample : samples) whole.add(floats(sample), DType::F16);
  Range merged;
  for (std::size_t i = samples.size(); i-- > 0;) merged.merge(range_of(samples[i]));
  expect_same(merged, whole);
}

TEST(Range, TakesFloat64) {
  Tensor tensor(DType::F64, {4});
  std::ranges::copy(std::vector<double>{1e300, -2, 1e-300, NAN}, tensor.fill<double>().begin());
  Range range;
  range.add(tensor, DType::F32);
  EXPECT_EQ(range.largest, 1e300);
  EXPECT_EQ(range.smallest_nonzero, 1e-300);
  EXPECT_EQ(range.overflows, 1);
  EXPECT_EQ(range.underflows, 1);
  EXPECT_EQ(range.non_finite, 1);
}

TEST(Range, IgnoresIntegers) {
  Range range;
  range.add(make_i64({1}, std::vector<std::int64_t>{100000}), DType::F16);
  expect_same(range, Range{});
}

}  // namespace
}  // namespace keel::accuracy
