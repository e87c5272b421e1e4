#include "tuner/search/segment.h"

#include <gtest/gtest.h>

#include "tests/tuner/search/strategy_run.h"

namespace keel::search {
namespace {

TEST(Segment, HalvesWhatMissesTheBoundTheLargestFirst) {
  std::vector<double> errors(8, 1e-9);
  errors[2] = 1e-4;
  const SyntheticModel model = plain_model(errors, 1e-3);
  const std::vector<Trial> trials = run_to_the_end(make_segment(model.space, {0, 1000}), model);
  const std::vector<Assignment> expected = {
      {1, 1, 1, 1, 0, 0, 0, 0},  // missed: halved
      {0, 0, 0, 0, 1, 1, 1, 1},  // accepted, and lowered from now on
      {1, 1, 0, 0, 1, 1, 1, 1},  // accepted
      {1, 1, 1, 0, 1, 1, 1, 1},  // the second quarter as a whole is the anchor, and missed
      {1, 1, 0, 1, 1, 1, 1, 1},
  };
  ASSERT_GT(trials.size(), 2 + expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(trials[i + 2].assignment, expected[i]) << "trial " << i + 2;
}

TEST(Segment, GoesOnWithOtherBoundsSoThatAFrontResults) {
  const SyntheticModel model =
      plain_model({1e-12, 1e-4, 1e-6, 1e-10, 1e-8, 1e-5, 1e-7, 1e-9, 1e-11, 1e-3}, 1e-3);
  const std::vector<Trial> trials = run_to_the_end(make_segment(model.space, {0, 1000}), model);
  EXPECT_GT(front(trials).size(), 8U);
}

// All lowered may be infinite: the bounds end at 1 then.
TEST(Segment, FindsAFrontBelowACliff) {
  SyntheticModel model = plain_model({1e-10, 1e-4, 1e-6, 1e-10, 1e-8, 1e-5}, 1e-3);
  model.is_cliff[3] = model.is_non_finite[3] = 1;
  const std::vector<Trial> trials = run_to_the_end(make_segment(model.space, {0, 1000}), model);
  EXPECT_GT(front(trials).size(), 4U);
  for (const Trial& trial : front(trials)) EXPECT_EQ(trial.assignment[3], 0);
}

TEST(Segment, LowersAFollowerAsSoonAsWhatItFollowsIsLowered) {
  SyntheticModel model = plain_model({1e-9, 1e-9, 1e-4, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9}, 1e-3);
  model.space.units[7].follows = 1;
  const std::vector<Trial> trials = run_to_the_end(make_segment(model.space, {0, 1000}), model);
  EXPECT_EQ(trials[3].assignment, (Assignment{0, 0, 0, 0, 1, 1, 1, 0}));
  EXPECT_EQ(trials[4].assignment, (Assignment{1, 1, 0, 0, 1, 1, 1, 1}));
}

}  // namespace
}  // namespace keel::search
