#include "tuner/search/hull.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

double turn(const ModelPoint& a, const ModelPoint& b, const ModelPoint& c) {
  return (b.latency_us - a.latency_us) * (c.squared_error - a.squared_error) -
         (b.squared_error - a.squared_error) * (c.latency_us - a.latency_us);
}

/// Monotone chain over every assignment, from the fastest to the most exact.
std::vector<ModelPoint> brute_force_hull(const Space& space, const ErrorModel& model) {
  std::vector<ModelPoint> points;
  for (const Assignment& x : every_assignment(space))
    points.push_back(model_point(space, model, x));
  std::sort(points.begin(), points.end(), [](const ModelPoint& a, const ModelPoint& b) {
    return std::pair(a.latency_us, a.squared_error) < std::pair(b.latency_us, b.squared_error);
  });
  std::vector<ModelPoint> hull;
  for (const ModelPoint& point : points) {
    if (!hull.empty() && point.squared_error >= hull.back().squared_error) continue;
    while (hull.size() > 1 && turn(hull[hull.size() - 2], hull.back(), point) <= 0) hull.pop_back();
    hull.push_back(point);
  }
  return hull;
}

TEST(Hull, HasTheVerticesOfBruteForce) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Space space = random_space(seed, 10);
    const ErrorModel model = random_error_model(space, seed);
    const std::vector<ModelPoint> expected = brute_force_hull(space, model);
    const std::vector<ModelPoint> hull = lower_hull(space, model);
    ASSERT_EQ(hull.size(), expected.size()) << "seed " << seed;
    for (std::size_t i = 0; i < hull.size(); ++i) {
      EXPECT_EQ(hull[i].assignment, expected[i].assignment) << "seed " << seed << " vertex " << i;
    }
  }
}

// What is lowered at one vertex may be kept at both neighbours then.
TEST(Hull, HasTheVerticesOfBruteForceWhereLoweringTakesErrorAway) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Space space = random_space(seed, 10);
    ErrorModel model = random_error_model(space, seed);
    model.base = 1e-3;
    for (std::size_t u = seed % 2; u < 10; u += 3) model.unit[u] *= -1;
    const std::vector<ModelPoint> expected = brute_force_hull(space, model);
    const std::vector<ModelPoint> hull = lower_hull(space, model);
    ASSERT_EQ(hull.size(), expected.size()) << "seed " << seed;
    for (std::size_t i = 0; i < hull.size(); ++i)
      EXPECT_EQ(hull[i].assignment, expected[i].assignment) << "seed " << seed << " vertex " << i;
  }
}

TEST(Hull, StopsAtTheLimitWithBothEndsInIt) {
  const Space space = random_space(3, 60);
  const ErrorModel model = random_error_model(space, 3);
  const std::vector<ModelPoint> all = lower_hull(space, model);
  const std::vector<ModelPoint> some = lower_hull(space, model, 5);
  ASSERT_GT(all.size(), 5u);
  ASSERT_EQ(some.size(), 5u);
  EXPECT_EQ(some.front().assignment, all.front().assignment);
  EXPECT_EQ(some.back().assignment, all.back().assignment);
}

TEST(Hull, IsOnePointWhereNothingIsFree) {
  Space space = random_space(3, 4);
  for (Unit& unit : space.units) unit.state = UnitState::Kept;
  const std::vector<ModelPoint> hull = lower_hull(space, random_error_model(space, 3));
  ASSERT_EQ(hull.size(), 1u);
  EXPECT_EQ(hull[0].assignment, all_kept(space));
}

TEST(Hull, HasFewerCastsWhereTheyAreDearer) {
  int fewer = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Space space = random_space(seed, 30);
    const ErrorModel model = random_error_model(space, seed);
    const auto least_casts = [](const std::vector<ModelPoint>& points) {
      int least = 1000;
      for (const ModelPoint& point : points)
        if (point.casts > 0) least = std::min(least, point.casts);
      return least;
    };
    const std::vector<ModelPoint> few = hulls_of_few_casts(space, model, 60);
    EXPECT_LE(few.size(), 60u);
    for (const ModelPoint& point : few)
      EXPECT_DOUBLE_EQ(point.latency_us, predicted_latency_us(space, point.assignment));
    fewer += least_casts(few) < least_casts(lower_hull(space, model)) ? 1 : 0;
  }
  EXPECT_GE(fewer, 5);
}

}  // namespace
}  // namespace keel::search
