#include "tuner/search/feasibility_border.h"

#include <gtest/gtest.h>

namespace keel::search {
namespace {

Trial trial(double error, double violation) {
  return {0, {}, Phase::Fill, {TrialState::Complete, 1, error * error, violation}};
}

TEST(FeasibilityBorder, LiesWhereTheViolationCrossesZero) {
  // One decade apart, violations -1 and 3: a quarter of the way.
  const FeasibilityBorder border({trial(1e-3, -1), trial(1e-2, 3)});
  EXPECT_NEAR(border.probability(-2.75, 0), 0.5, 1e-9);
  EXPECT_GT(border.probability(-3.5, 0), 0.95);
  EXPECT_LT(border.probability(-2.0, 0), 0.05);
}

TEST(FeasibilityBorder, SharpensAsTrialsCloseIn) {
  const FeasibilityBorder wide({trial(1e-4, -1), trial(1e-1, 1)});
  const FeasibilityBorder close({trial(1e-4, -1), trial(3.1e-3, -0.1), trial(3.2e-3, 0.1)});
  EXPECT_LT(close.probability(-2.3, 0), wide.probability(-2.3, 0));
}

TEST(FeasibilityBorder, SharpensByRefinementsWhoseErrorIsEstimated) {
  std::vector<Trial> trials{trial(1e-4, -1), trial(3.1e-3, -0.1), trial(3.2e-3, 0.1)};
  const double in_full = FeasibilityBorder(trials).probability(-2.3, 0);
  trials[1].outcome.state = trials[2].outcome.state = TrialState::Partial;
  EXPECT_EQ(FeasibilityBorder(trials).probability(-2.3, 0), in_full);
}

TEST(FeasibilityBorder, IsWideWhereErrorAndRequirementDisagree) {
  const FeasibilityBorder mixed(
      {trial(1e-4, -1), trial(1e-3, 0.1), trial(1e-2, -0.1), trial(1e-1, 1)});
  EXPECT_GT(mixed.probability(-2.2, 0), 0.2);
  EXPECT_LT(mixed.probability(-2.2, 0), 0.8);
}

TEST(FeasibilityBorder, IsCertainWhenAllOrNoneMeetTheRequirements) {
  EXPECT_EQ(FeasibilityBorder({trial(1e-2, -1)}).probability(0, 1), 1);
  EXPECT_EQ(FeasibilityBorder({trial(1e-2, 1)}).probability(-6, 1), 0);
}

}  // namespace
}  // namespace keel::search
