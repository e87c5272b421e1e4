#include "tuner/search/latency_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

constexpr std::size_t kManyCuts = 100'000;

double least_latency_us(const Space& space, const ErrorModel& model, double limit) {
  double least = std::numeric_limits<double>::infinity();
  for (const Assignment& x : every_assignment(space))
    if (is_realised(space, x) && predicted_squared_error(space, model, x) <= limit)
      least = std::min(least, predicted_latency_us(space, x));
  return least;
}

double total_error(const Space& space, const ErrorModel& model) {
  return predicted_squared_error(space, model, all_lowered(space));
}

TEST(LatencyBound, IsTheLeastLatencyOfBruteForceOnceItIsClosed) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Space space = random_space(seed, 11);
    const ErrorModel model = random_error_model(space, seed);
    for (const double part : {0.001, 0.03, 0.2, 0.6, 1.1}) {
      const double limit = part * total_error(space, model);
      const double least = least_latency_us(space, model, limit);
      const LatencyBound found = latency_bound(space, model, limit, {}, kManyCuts);
      ASSERT_TRUE(found.is_closed && found.best) << "seed " << seed << " part " << part;
      EXPECT_NEAR(found.bound_us, least, 1e-6) << "seed " << seed << " part " << part;
      EXPECT_NEAR(found.best->latency_us, least, 1e-6);
      EXPECT_LE(found.best->squared_error, limit);
    }
  }
}

TEST(LatencyBound, IsNeverAboveTheLeastLatencyHoweverFewTheCuts) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Space space = random_space(seed, 11);
    const ErrorModel model = random_error_model(space, seed);
    const double limit = 0.1 * total_error(space, model);
    const double least = least_latency_us(space, model, limit);
    double before = 0;
    for (const std::size_t cuts : std::vector<std::size_t>{1, 4, 12, 40}) {
      const LatencyBound found = latency_bound(space, model, limit, {}, cuts);
      EXPECT_LE(found.bound_us, least + 1e-9) << "seed " << seed << " cuts " << cuts;
      EXPECT_GE(found.bound_us, before - 1e-9) << "more cuts, no lower bound";
      before = found.bound_us;
    }
  }
}

// The bound is that of brute force, and what reaches it may be compiled.
void expect_least(const Space& space, std::uint64_t seed) {
  const ErrorModel model = random_error_model(space, seed);
  const double limit = 0.1 * total_error(space, model);
  const LatencyBound found = latency_bound(space, model, limit, {}, kManyCuts);
  ASSERT_TRUE(found.is_closed && found.best) << "seed " << seed;
  EXPECT_TRUE(is_realised(space, found.best->assignment)) << "seed " << seed;
  EXPECT_NEAR(found.bound_us, least_latency_us(space, model, limit), 1e-6) << "seed " << seed;
}

TEST(LatencyBound, LowersNothingWithoutWhatItFollows) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Space space = random_space(seed, 10);
    for (const UnitIndex u : {3u, 7u}) space.units[u].follows = u - 1;
    expect_least(space, seed);
  }
}

TEST(LatencyBound, GivesUnitsThatMustAgreeTheSameBit) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Space space = random_space(seed, 10);
    for (const UnitIndex u : {4u, 8u}) space.units[u].gang = 1;
    expect_least(space, seed);
  }
}

TEST(LatencyBound, IsRightWhereLoweringAUnitTakesErrorAway) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Space space = random_space(seed, 11);
    ErrorModel model = random_error_model(space, seed);
    for (std::size_t u = 0; u < space.units.size(); u += 3) model.unit[u] *= -0.5;
    model.base = 1e-4;
    double least_error = model.base;
    for (const Assignment& x : every_assignment(space))
      least_error = std::min(least_error, predicted_squared_error(space, model, x));
    const double limit = least_error + 0.1 * (total_error(space, model) - least_error);
    const LatencyBound found = latency_bound(space, model, limit, {}, kManyCuts);
    ASSERT_TRUE(found.is_closed && found.best) << "seed " << seed;
    EXPECT_NEAR(found.bound_us, least_latency_us(space, model, limit), 1e-6) << "seed " << seed;
  }
}

TEST(LatencyBound, ASeedSparesTheSearch) {
  const Space space = random_space(5, 40);
  const ErrorModel model = random_error_model(space, 5);
  const double limit = 0.1 * total_error(space, model);
  const LatencyBound alone = latency_bound(space, model, limit, {}, kManyCuts);
  ASSERT_TRUE(alone.is_closed);
  const LatencyBound seeded =
      latency_bound(space, model, limit, {alone.best->assignment}, kManyCuts);
  EXPECT_LE(seeded.cuts, alone.cuts);
  EXPECT_NEAR(seeded.bound_us, alone.bound_us, 1e-6);
}

TEST(LatencyBound, ASeedThatDiffersFromAFixedUnitDoesNotCount) {
  Space space = random_space(5, 12);
  const ErrorModel model = random_error_model(space, 5);
  const Assignment lowered = all_lowered(space);
  for (const UnitIndex u : {2u, 8u}) space.units[u].state = UnitState::Kept;
  const double limit = total_error(space, model) * 2;
  const LatencyBound found = latency_bound(space, model, limit, {lowered}, kManyCuts);
  ASSERT_TRUE(found.best);
  EXPECT_EQ(found.best->assignment[2], 0);
  EXPECT_NEAR(found.bound_us, least_latency_us(space, model, limit), 1e-6);
}

TEST(LatencyBound, IsInfiniteWhereNothingIsWithinTheError) {
  const Space space = random_space(5, 10);
  ErrorModel model = random_error_model(space, 5);
  model.base = 1;
  const LatencyBound found = latency_bound(space, model, 0.5, {}, kManyCuts);
  EXPECT_TRUE(std::isinf(found.bound_us));
  EXPECT_TRUE(found.is_closed);
  EXPECT_FALSE(found.best);
}

}  // namespace
}  // namespace keel::search
