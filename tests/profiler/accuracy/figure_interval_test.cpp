#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"
#include "profiler/accuracy/interval.h"

namespace keel::accuracy {
namespace {

const Metric& metric(std::string_view name) { return *find_metric(name); }

std::vector<double> successes(std::size_t count, std::size_t failures = 0) {
  std::vector<double> values(count, 1.0);
  for (std::size_t i = 0; i < failures; ++i) values[i] = 0;
  return values;
}

double lower(const std::vector<double>& values, double confidence = 0.95) {
  return interval(metric("top1_agreement"), values, confidence, 0).lo;
}

TEST(Interval, OfPerfectSamplesReachesOnlyAsFarAsTheirNumber) {
  EXPECT_NEAR(lower(successes(48)), 0.939, 0.0005);
  EXPECT_GE(lower(successes(299)), 0.99);
  EXPECT_LT(lower(successes(298)), 0.99);
  EXPECT_EQ(samples_needed(0.99, 0.95), 299U);
  EXPECT_EQ(samples_needed(0.9, 0.95), 29U);
  EXPECT_EQ(interval(metric("top1_agreement"), successes(48), 0.95, 0).hi, 1);
}

// scipy.stats.beta.ppf(0.05, 45, 4) and ppf(0.95, 46, 3).
TEST(Interval, OfARateIsThatOfClopperAndPearson) {
  const Interval rate = interval(metric("top1_accuracy"), successes(48, 3), 0.95, 0);
  EXPECT_NEAR(rate.lo, 0.846, 0.0015);
  EXPECT_NEAR(rate.hi, 0.983, 0.0015);
  const Interval none = interval(metric("top1_accuracy"), successes(10, 10), 0.95, 0);
  EXPECT_EQ(none.lo, 0);
  EXPECT_NEAR(none.hi, 1 - std::pow(0.05, 0.1), 1e-9);
}

TEST(Interval, OfARateHoldsThatOften) {
  Rng rng(3);
  int covered = 0;
  constexpr int kRounds = 2000;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> values(40);
    for (double& value : values) value = rng.uniform() < 0.9 ? 1 : 0;
    covered += lower(values) <= 0.9 ? 1 : 0;
  }
  EXPECT_GE(covered, 0.95 * kRounds);
}

TEST(Interval, OfARootMeanSquareHoldsAboutThatOften) {
  Rng rng(5);
  int covered = 0;
  constexpr int kRounds = 400;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> values(60);
    for (double& value : values) value = rng.uniform();
    covered += interval(metric("relative_l2"), values, 0.95, 1).hi >= std::sqrt(1.0 / 3) ? 1 : 0;
  }
  EXPECT_GE(covered, 0.90 * kRounds);
  EXPECT_LE(covered, 0.99 * kRounds);
}

TEST(Interval, SurroundsItsFigureAndIsTheSameForTheSameSeed) {
  const std::vector<double> values = {0.1, 0.5, 0.2, 0.9, 0.4};
  const double figure = metric("relative_l2").over_samples(values);
  const Interval one = interval(metric("relative_l2"), values, 0.95, 7);
  EXPECT_LT(one.lo, figure);
  EXPECT_GT(one.hi, figure);
  EXPECT_EQ(interval(metric("relative_l2"), values, 0.95, 7).hi, one.hi);
  EXPECT_GE(interval(metric("relative_l2"), values, 0.99, 7).hi, one.hi);
}

TEST(Interval, IsNoneOfAMaximumOfNothingAndOfNan) {
  const std::vector<double> values = {0.1, 0.5};
  EXPECT_TRUE(std::isnan(interval(metric("max_abs"), values, 0.95, 0).hi));
  EXPECT_TRUE(std::isnan(interval(metric("cosine"), {}, 0.95, 0).hi));
  const std::vector<double> unknown = {0.1, NAN};
  EXPECT_TRUE(std::isnan(interval(metric("cosine"), unknown, 0.95, 0).lo));
}

TEST(Interval, IsJudgedAtItsWorseEnd) {
  EXPECT_EQ(worse_end(*parse_requirement("relative_l2<=0.1"), 0.05, {0.04, 0.07}), 0.07);
  EXPECT_EQ(worse_end(*parse_requirement("cosine>=0.1"), 0.05, {0.04, 0.07}), 0.04);
  EXPECT_EQ(worse_end(*parse_requirement("max_abs<=0.1"), 0.05, {NAN, NAN}), 0.05);
}

}  // namespace
}  // namespace keel::accuracy
