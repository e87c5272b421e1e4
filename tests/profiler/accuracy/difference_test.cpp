#include "profiler/accuracy/difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

Tensor floats(const std::vector<float>& values) {
  return make_f32({static_cast<std::int64_t>(values.size())}, values);
}

TEST(Difference, IsTheSumsByHand) {
  const Difference d = measure(floats({1, 2, -4}), floats({1, 4, -3}));
  EXPECT_EQ(d.squared_error, 5);
  EXPECT_EQ(d.squared_output, 21);
  EXPECT_EQ(d.squared_reference, 26);
  EXPECT_EQ(d.product, 21);
  EXPECT_EQ(d.largest_error, 2);
  EXPECT_EQ(d.non_finite, 0);
  EXPECT_FALSE(d.infinite);
}

TEST(Difference, MatchesAPlainLoopAtEveryLength) {
  Rng rng(2);
  for (std::size_t n = 0; n < 40; ++n) {
    std::vector<float> y(n);
    std::vector<float> r(n);
    long double squared = 0;
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      y[i] = static_cast<float>(rng.uniform() - 0.5);
      r[i] = static_cast<float>(rng.uniform() - 0.5);
      const double error = static_cast<double>(y[i]) - static_cast<double>(r[i]);
      squared += static_cast<long double>(error) * static_cast<long double>(error);
      largest = std::max(largest, std::fabs(error));
    }
    const Difference d = measure(floats(y), floats(r));
    EXPECT_NEAR(d.squared_error, static_cast<double>(squared), 1e-14) << n;
    EXPECT_EQ(d.largest_error, largest) << n;
  }
}

TEST(Difference, CountsWhereOnlyTheOutputIsNotFinite) {
  const Difference d = measure(floats({1, NAN, INFINITY}), floats({1, 2, 3}));
  EXPECT_EQ(d.non_finite, 2);
  EXPECT_TRUE(d.infinite);
  EXPECT_EQ(d.squared_error, HUGE_VAL);
  EXPECT_EQ(d.largest_error, HUGE_VAL);
}

TEST(Difference, LeavesOutWhatTheReferenceDoesNotSayAndEqualInfinities) {
  const Difference d =
      measure(floats({7, INFINITY, -INFINITY, 3}), floats({NAN, INFINITY, -INFINITY, 1}));
  EXPECT_EQ(d.squared_error, 4);
  EXPECT_EQ(d.squared_reference, 1);
  EXPECT_EQ(d.non_finite, 0);
  EXPECT_FALSE(d.infinite);
}

TEST(Difference, IsInfiniteWhereTheReferencesInfinityIsMissed) {
  for (const float y : {65504.0f, -INFINITY, NAN}) {
    const Difference d = measure(floats({y}), floats({INFINITY}));
    EXPECT_TRUE(d.infinite);
    EXPECT_EQ(d.non_finite, 0);
  }
}

TEST(Difference, HoldsTheLargestFloats) {
  const float most = std::numeric_limits<float>::max();
  const Difference d = measure(floats({most}), floats({-most}));
  EXPECT_EQ(d.largest_error, 2 * static_cast<double>(most));
  EXPECT_FALSE(d.infinite);
}

// [3, 4] beside [2]: nothing is where it was.
TEST(Difference, OfOtherShapesIsAllThatEitherIs) {
  const Difference d = measure(floats({3, 4}), floats({2}));
  EXPECT_EQ(d.squared_error, 9 + 16 + 4);
  EXPECT_EQ(d.squared_output, 25);
  EXPECT_EQ(d.squared_reference, 4);
  EXPECT_EQ(d.product, 0);
  EXPECT_EQ(d.largest_error, 4);
  EXPECT_EQ(measure(floats({}), floats({2})).squared_error, 4);
  EXPECT_EQ(measure(floats({INFINITY}), floats({1, 2})).non_finite, 1);
}

TEST(Difference, IsTakenOfIntegersToo) {
  const std::vector<std::int64_t> y = {5, 9};
  const std::vector<std::int64_t> r = {5, 6};
  EXPECT_EQ(measure(make_i64({2}, y), make_i64({2}, r)).squared_error, 9);
}

}  // namespace
}  // namespace keel::accuracy
