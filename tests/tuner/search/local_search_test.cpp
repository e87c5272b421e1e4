#include "tuner/search/local_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/hull.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

std::vector<Assignment> hull_assignments(const Space& space, const ErrorModel& model) {
  std::vector<Assignment> seeds;
  for (const ModelPoint& vertex : lower_hull(space, model)) seeds.push_back(vertex.assignment);
  return seeds;
}

double volume(const std::vector<ModelPoint>& points) {
  Hypervolume total({-1, 300}, {});
  for (const ModelPoint& point : points)
    total.add({log_error(point.squared_error), point.latency_us});
  return total.value();
}

TEST(LocalSearch, FillsTheFrontBetweenHullVertices) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Space space = random_space(seed, 12);
    const ErrorModel model = random_error_model(space, seed);
    std::vector<ModelPoint> all;
    for (const Assignment& x : every_assignment(space)) all.push_back(model_point(space, model, x));
    const std::vector<ModelPoint> found =
        model_front(space, model, hull_assignments(space, model), {});
    EXPECT_GE(volume(found), 0.998 * volume(all)) << "seed " << seed;
  }
}

TEST(LocalSearch, ReturnsOnlyNonDominatedPointsFastestFirst) {
  const Space space = random_space(6, 30);
  const ErrorModel model = random_error_model(space, 6);
  const std::vector<ModelPoint> found = model_front(space, model, {all_kept(space)}, {});
  ASSERT_GT(found.size(), 10u);
  for (std::size_t i = 1; i < found.size(); ++i) {
    EXPECT_LT(found[i - 1].latency_us, found[i].latency_us);
    EXPECT_GT(found[i - 1].squared_error, found[i].squared_error);
  }
}

TEST(LocalSearch, NeverTouchesFixedUnits) {
  Space space = random_space(7, 16);
  space.units[3].state = UnitState::Kept;
  space.units[8].state = UnitState::Lowered;
  const ErrorModel model = random_error_model(space, 7);
  for (const ModelPoint& point : model_front(space, model, {all_lowered(space)}, {}))
    EXPECT_EQ(with_fixed_units(space, point.assignment), point.assignment);
}

TEST(LocalSearch, FindsTheSameForTheSameSeed) {
  const Space space = random_space(8, 40);
  const ErrorModel model = random_error_model(space, 8);
  const auto run = [&] { return model_front(space, model, {all_kept(space)}, {.seed = 5}); };
  const std::vector<ModelPoint> first = run();
  const std::vector<ModelPoint> second = run();
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_EQ(first[i].assignment, second[i].assignment);
}

TEST(LocalSearch, StandsASpaceWithNothingFree) {
  Space space = random_space(8, 3);
  for (Unit& unit : space.units) unit.state = UnitState::Kept;
  EXPECT_EQ(model_front(space, random_error_model(space, 8), {all_kept(space)}, {}).size(), 1u);
}

}  // namespace
}  // namespace keel::search
