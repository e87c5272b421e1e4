#include "tuner/search/error_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

Trial trial(Assignment x, double squared_error) {
  return {0, std::move(x), Phase::Probe, {TrialState::Complete, 1, squared_error, 0}};
}

std::vector<Trial> probes(const Space& space, const ErrorModel& truth) {
  std::vector<Trial> trials{trial(all_kept(space), truth.base)};
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    Assignment x = all_kept(space);
    x[u] = 1;
    trials.push_back(trial(x, predicted_squared_error(space, truth, x)));
  }
  return trials;
}

Space independent_units(std::size_t count) {
  Space space;
  space.units.assign(count, Unit{});
  return space;
}

TEST(ErrorModel, RecoversAnAdditiveTruthFromProbes) {
  const Space space = independent_units(5);
  const ErrorModel truth{1e-9, {1e-8, 3e-6, 0, 2e-4, 5e-7}, {}};
  const ErrorModel fitted = fit_error_model(space, probes(space, truth));
  EXPECT_DOUBLE_EQ(fitted.base, 1e-9);
  for (std::size_t u = 0; u < 5; ++u)
    EXPECT_NEAR(fitted.unit[u], truth.unit[u], 1e-6 * truth.unit[u] + 1e-20);
}

// An earlier study of a model that was trained again: all of its errors off by the same factor.
TEST(ErrorModel, ScalesWhatAnEarlierStudySaysByThoseProbedAgain) {
  Space space = independent_units(6);
  const ErrorModel truth{0, {1e-8, 3e-6, 4e-7, 2e-4, 5e-7, 8e-6}, {}};
  for (std::size_t u = 0; u < 6; ++u) space.units[u].earlier_squared_error = truth.unit[u] / 3;
  const std::vector<Trial> all = probes(space, truth);
  const ErrorModel fitted = fit_error_model(space, {all[0], all[2], all[4], all[5]});
  for (std::size_t u = 0; u < 6; ++u)
    EXPECT_NEAR(fitted.unit[u], truth.unit[u], 1e-6 * truth.unit[u] + 1e-20) << u;
}

TEST(ErrorModel, HasNoNegativeCoefficientWhateverTheTrials) {
  Rng rng(3);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Space space = random_space(seed, 12);
    std::vector<Trial> trials;
    for (int i = 0; i < 30; ++i) {
      Assignment x(12);
      for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
      trials.push_back(trial(x, std::pow(10, -8 * rng.uniform())));
    }
    const ErrorModel fitted = fit_error_model(space, trials);
    for (const double theta : fitted.unit) EXPECT_GE(theta, 0);
    for (const double theta : fitted.tensor) EXPECT_GE(theta, 0);
  }
}

TEST(ErrorModel, LearnsASharedRoundingFromATrialThatLowersBothEnds) {
  Space space = independent_units(2);
  space.tensors = {{0, {1}, false, 0, 0}};
  const ErrorModel truth{0, {1e-6, 1e-6}, {4e-6}};
  std::vector<Trial> trials = probes(space, truth);
  const double before = predicted_squared_error(space, fit_error_model(space, trials), {1, 1});
  trials.push_back(trial({1, 1}, 6e-6));
  const ErrorModel fitted = fit_error_model(space, trials);
  EXPECT_GT(before, 9e-6);
  EXPECT_NEAR(predicted_squared_error(space, fitted, {1, 1}), 6e-6, 0.3e-6);
  EXPECT_NEAR(predicted_squared_error(space, fitted, {1, 0}), 5e-6, 0.3e-6);
}

TEST(ErrorModel, PredictsHeldOutTrialsOfATruthWithTensorTerms) {
  Rng rng(8);
  const Space space = random_space(21, 16);
  const ErrorModel truth = random_error_model(space, 21);
  std::vector<Trial> trials = probes(space, truth);
  const auto draw = [&] {
    Assignment x(16);
    for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
    return x;
  };
  for (int i = 0; i < 40; ++i) {
    const Assignment x = draw();
    trials.push_back(trial(x, predicted_squared_error(space, truth, x)));
  }
  const ErrorModel fitted = fit_error_model(space, trials);
  for (int i = 0; i < 40; ++i) {
    const Assignment x = draw();
    const double expected = predicted_squared_error(space, truth, x);
    EXPECT_NEAR(predicted_squared_error(space, fitted, x), expected, 0.1 * expected);
  }
}

TEST(ErrorModel, IgnoresTrialsItMustNotLearnFrom) {
  Space space = independent_units(3);
  space.units[2].state = UnitState::Kept;  // pinned
  const ErrorModel truth{0, {1e-6, 1e-5, 0}, {}};
  std::vector<Trial> trials = probes(space, truth);
  trials.resize(3);
  const ErrorModel clean = fit_error_model(space, trials);
  trials.push_back(trial({1, 0, 1}, 0.7));
  trials.push_back(trial({1, 1, 0}, std::numeric_limits<double>::quiet_NaN()));
  trials.push_back(trial({1, 1, 0}, 0.5));
  trials.back().outcome.state = TrialState::NonFinite;
  const ErrorModel fitted = fit_error_model(space, trials);
  EXPECT_EQ(fitted.unit, clean.unit);
  EXPECT_EQ(fitted.unit[2], 0);
}

TEST(ErrorModel, GivesAnUnprobedUnitTheMedianOfTheProbed) {
  const Space space = independent_units(4);
  std::vector<Trial> trials = probes(space, {0, {1e-8, 1e-6, 1e-4, 0}, {}});
  trials.pop_back();
  EXPECT_NEAR(fit_error_model(space, trials).unit[3], 1e-6, 1e-12);
}

// A convolution in HF32 is rounded as coarsely as in fp16: which is worse, its probe says.
TEST(ErrorModel, LearnsThatLoweringAUnitMayTakeErrorAway) {
  const Space space = independent_units(4);
  const ErrorModel truth{4e-6, {-1e-6, 5e-7, -2e-6, 1e-6}, {}};
  const ErrorModel fitted = fit_error_model(space, probes(space, truth));
  for (std::size_t u = 0; u < 4; ++u) EXPECT_NEAR(fitted.unit[u], truth.unit[u], 1e-11);
  EXPECT_NEAR(predicted_squared_error(space, fitted, {1, 0, 1, 0}), 1e-6, 1e-10);
}

TEST(ErrorModel, LeavesATenthOfTheBaseWhateverProbesTakeAway) {
  const Space space = independent_units(3);
  const std::vector<Trial> trials = {trial({0, 0, 0}, 4e-6), trial({1, 0, 0}, 1e-6),
                                     trial({0, 1, 0}, 2e-6), trial({0, 0, 1}, 4.5e-6)};
  const ErrorModel fitted = fit_error_model(space, trials);
  EXPECT_NEAR(predicted_squared_error(space, fitted, {1, 1, 0}), 4e-7, 1e-10);
  EXPECT_NEAR(fitted.unit[0] / fitted.unit[1], 1.5, 0.05);
  EXPECT_NEAR(fitted.unit[2], 5e-7, 1e-9);
}

TEST(ErrorModel, StandsWithoutAnyTrial) {
  const ErrorModel fitted = fit_error_model(independent_units(2), {});
  EXPECT_EQ(fitted.unit, (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace keel::search
