#include "tuner/search/min_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

void fix_some_units(Space& space, Rng& rng) {
  for (Unit& unit : space.units) {
    if (rng.below(8) == 0) unit.state = UnitState::Kept;
    if (rng.below(8) == 0) unit.state = UnitState::Lowered;
  }
}

double least_value(const Space& space, const ErrorModel& model, Weights weights) {
  double least = std::numeric_limits<double>::infinity();
  for (const Assignment& x : every_assignment(space))
    least = std::min(least, weighted_value(space, model, weights, x));
  return least;
}

TEST(MinCut, FindsTheBruteForceMinimum) {
  Rng rng(11);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Space space = random_space(seed, 2 + rng.below(11));
    if (seed % 2 == 1) fix_some_units(space, rng);
    const ErrorModel model = random_error_model(space, seed);
    const Weights weights{1, std::pow(10, 2 + 6 * rng.uniform())};
    const Assignment x = minimise(space, model, weights);
    EXPECT_EQ(with_fixed_units(space, x), x) << "seed " << seed;
    const double least = least_value(space, model, weights);
    EXPECT_NEAR(weighted_value(space, model, weights, x), least, 1e-10 * std::abs(least))
        << "seed " << seed;
  }
}

// Of what is realised, by brute force.
void expect_least(const Space& space, const ErrorModel& model, Weights weights,
                  std::uint64_t seed) {
  double least = std::numeric_limits<double>::infinity();
  for (const Assignment& x : every_assignment(space))
    if (is_realised(space, x)) least = std::min(least, weighted_value(space, model, weights, x));
  const Assignment x = minimise(space, model, weights);
  EXPECT_TRUE(is_realised(space, x)) << "seed " << seed;
  EXPECT_NEAR(weighted_value(space, model, weights, x), least, 1e-10 * std::abs(least))
      << "seed " << seed;
}

TEST(MinCut, FindsTheBruteForceMinimumAmongWhatIsRealised) {
  Rng rng(17);
  int constrained = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Space space = random_space(seed, 3 + rng.below(9));
    const ErrorModel model = random_error_model(space, seed);
    const Weights weights{1, std::pow(10, 2 + 6 * rng.uniform())};
    const Assignment unconstrained = minimise(space, model, weights);
    const auto place = [&](std::uint64_t u) {  // leaders before what follows them, or behind
      return static_cast<UnitIndex>(seed % 2 == 0 ? u : space.units.size() - 1 - u);
    };
    for (UnitIndex u = 1; u < space.units.size(); ++u)
      if (rng.below(2) == 0) space.units[place(u)].follows = place(rng.below(u));
    constrained += is_realised(space, unconstrained) ? 0 : 1;
    expect_least(space, model, weights, seed);
  }
  EXPECT_GT(constrained, 5) << "the test has to meet units that would rather not follow";
}

TEST(MinCut, FindsTheBruteForceMinimumWhereUnitsMustAgree) {
  Rng rng(23);
  int constrained = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Space space = random_space(seed, 4 + rng.below(8));
    const ErrorModel model = random_error_model(space, seed);
    const Weights weights{1, std::pow(10, 2 + 6 * rng.uniform())};
    const Assignment unconstrained = minimise(space, model, weights);
    for (UnitIndex u = 2; u < space.units.size(); ++u)
      if (rng.below(2) == 0) space.units[u].gang = u % 2;
    constrained += is_realised(space, unconstrained) ? 0 : 1;
    expect_least(space, model, weights, seed);
  }
  EXPECT_GT(constrained, 5) << "the test has to meet units that would rather not agree";
}

TEST(MinCut, LowersFewerUnitsAsErrorWeighsMore) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Space space = random_space(seed, 60);
    const ErrorModel model = random_error_model(space, seed);
    Assignment previous(60, 1);
    for (double weight = 1; weight < 1e10; weight *= 4) {
      const Assignment x = minimise(space, model, {1, weight});
      for (std::size_t u = 0; u < x.size(); ++u) EXPECT_LE(x[u], previous[u]) << "seed " << seed;
      previous = x;
    }
  }
}

TEST(MinCut, TakesUnitTimesOfAnySign) {
  Space space = random_space(5, 6);
  space.units[2].lowered_us = -40;
  const ErrorModel model = random_error_model(space, 5);
  EXPECT_NEAR(weighted_value(space, model, {1, 0}, minimise(space, model, {1, 0})),
              least_value(space, model, {1, 0}), 1e-9);
}

TEST(MinCut, TakesErrorsOfUnitsOfAnySign) {
  Rng rng(23);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Space space = random_space(seed, 9);
    ErrorModel model = random_error_model(space, seed);
    for (double& theta : model.unit)
      if (rng.below(3) == 0) theta = -theta;
    const Weights weights{1, std::pow(10, 3 + 4 * rng.uniform())};
    const double least = least_value(space, model, weights);
    EXPECT_NEAR(weighted_value(space, model, weights, minimise(space, model, weights)), least,
                1e-10 * std::abs(least))
        << "seed " << seed;
  }
}

TEST(MinCut, KeepsEverythingWhenNothingIsGained) {
  Space space;
  space.units.assign(3, Unit{UnitState::Free, 1, 1, 1, false});
  EXPECT_EQ(minimise(space, {0, {0, 0, 0}, {}}, {1, 1}), (Assignment{0, 0, 0}));
}

}  // namespace
}  // namespace keel::search
