#include "tuner/search/gaussian_process.h"

#include <gtest/gtest.h>

#include <cmath>

namespace keel::search {
namespace {

// Two points that share half.
const std::vector<double> kHalf{1, 0.5, 0.5, 1};

TEST(GaussianProcess, SaysAtATargetWhatItWasTold) {
  const GaussianProcess process = *GaussianProcess::fit(kHalf, {2, -1}, 1e-6);
  EXPECT_NEAR(process.at({1, 0.5}).front().mean, 2, 1e-4);
  EXPECT_NEAR(process.at({0.5, 1}).front().mean, -1, 1e-4);
  EXPECT_LT(process.at({1, 0.5}).front().deviation, 0.01 * process.deviation());
}

// By hand: similarity^-1 * targets = (10/3, -8/3), so 0.3 * (10/3 - 8/3) = 0.2; the variance is
// (2 * 10/3 + 8/3) / 2 = 14/3, of which 1 - 2 * 0.3^2 / 1.5 = 0.88 remains.
TEST(GaussianProcess, AgreesWithTheFormulaWorkedByHand) {
  const GaussianProcess process = *GaussianProcess::fit(kHalf, {2, -1}, 0);
  const GaussianProcess::Value between = process.at({0.3, 0.3}).front();
  EXPECT_NEAR(between.mean, 0.2, 1e-12);
  EXPECT_NEAR(between.deviation, std::sqrt(14.0 / 3 * 0.88), 1e-12);
}

TEST(GaussianProcess, SaysOfManyAtOnceWhatItSaysOfEach) {
  const GaussianProcess process = *GaussianProcess::fit(kHalf, {2, -1}, 0);
  const std::vector<GaussianProcess::Value> both = process.at({0.3, 0.3, 0.9, 0.4});
  ASSERT_EQ(both.size(), 2u);
  const GaussianProcess::Value first = process.at({0.3, 0.3}).front();
  const GaussianProcess::Value second = process.at({0.9, 0.4}).front();
  EXPECT_NEAR(both[0].mean, first.mean, 1e-12);
  EXPECT_NEAR(both[0].deviation, first.deviation, 1e-12);
  EXPECT_NEAR(both[1].mean, second.mean, 1e-12);
  EXPECT_NEAR(both[1].deviation, second.deviation, 1e-12);
  EXPECT_GT(both[1].mean, both[0].mean + 0.1);
}

// What it would do wrong, UBSan sees.
TEST(GaussianProcess, StandsToBeAskedOfNothing) {
  EXPECT_TRUE(GaussianProcess::fit(kHalf, {2, -1}, 0)->at({}).empty());
}

TEST(GaussianProcess, SaysNothingOfWhatIsNotSimilar) {
  const GaussianProcess process = *GaussianProcess::fit(kHalf, {2, -1}, 1e-2);
  EXPECT_EQ(process.at({0, 0}).front().mean, 0);
  EXPECT_EQ(process.at({0, 0}).front().deviation, process.deviation());
}

TEST(GaussianProcess, IsLikelierWithTheSimilarityThatTheTargetsHave) {
  const std::vector<double> alone{1, 0, 0, 1};
  const std::vector<double> close{1, 0.9, 0.9, 1};
  EXPECT_GT(GaussianProcess::fit(close, {2, 2.1}, 1e-2)->likelihood(),
            GaussianProcess::fit(alone, {2, 2.1}, 1e-2)->likelihood());
  EXPECT_LT(GaussianProcess::fit(close, {2, -2.1}, 1e-2)->likelihood(),
            GaussianProcess::fit(alone, {2, -2.1}, 1e-2)->likelihood());
}

TEST(GaussianProcess, RefusesWhatIsNoSimilarity) {
  EXPECT_FALSE(GaussianProcess::fit({1, 2, 2, 1}, {1, 1}, 1e-2));
}

}  // namespace
}  // namespace keel::search
