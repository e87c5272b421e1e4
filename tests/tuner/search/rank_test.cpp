#include "tuner/search/rank.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tuner/search/strategy_run.h"

namespace keel::search {
namespace {

// Sensitivities in the order 3, 1, 5, 0, 2, 4; unit 4 is a cliff that is not finite.
SyntheticModel ranked_model() {
  SyntheticModel model = plain_model({4e-6, 2e-6, 5e-6, 1e-6, 1e-9, 3e-6}, 2.1e-3);
  model.is_cliff[4] = model.is_non_finite[4] = 1;
  return model;
}

TEST(Rank, ProbesEachUnitThenLowersInOrderOfTheErrorsTheyMake) {
  const SyntheticModel model = ranked_model();
  const std::vector<Trial> trials = run_to_the_end(make_rank(model.space, {0, 1000}), model);
  ASSERT_EQ(trials.size(), 2 + 6 + 4U);  // one lowered alone is a probe
  for (UnitIndex u = 0; u < 6; ++u) {
    EXPECT_EQ(trials[2 + u].assignment, lowered_alone(model.space, {u}));
    EXPECT_EQ(trials[2 + u].phase, Phase::Probe);
  }
  const std::vector<UnitIndex> order = {3, 1, 5, 0, 2};
  // Kept 3 misses nothing by bisection: 1 + 2 of 2.1^2 fit, 1 + 2 + 3 do not.
  EXPECT_EQ(trials[8].assignment, lowered_alone(model.space, {3, 1, 5}));
  EXPECT_EQ(trials[9].assignment, lowered_alone(model.space, {3, 1}));
  for (std::size_t count = 2; count <= 5; ++count) {
    const Assignment x = lowered_alone(
        model.space, {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count)});
    EXPECT_TRUE(std::ranges::any_of(trials, [&](const Trial& t) { return t.assignment == x; }))
        << count;
  }
}

TEST(Rank, LowersAUnitTogetherWithWhatItFollows) {
  SyntheticModel model = ranked_model();
  model.space.units[3].follows = 2;
  const std::vector<Trial> trials = run_to_the_end(make_rank(model.space, {0, 1000}), model);
  EXPECT_EQ(trials[2 + 3].assignment, (Assignment{0, 0, 1, 1, 0, 0}));
}

}  // namespace
}  // namespace keel::search
