#include "tuner/search/fill.h"

#include <gtest/gtest.h>

#include <set>

namespace keel::search {
namespace {

// Six independent units, 10 us saved by each but the fourth; unit u adds a squared error of
// 10^(u - 8).
struct Study {
  explicit Study(double saved_by_fourth_us = 10) {
    space.units.assign(6, Unit{UnitState::Free, 20, 10, 1, false});
    space.units[3].lowered_us = 20 - saved_by_fourth_us;
    add({1, 1, 1, 1, 1, 1}, Phase::Anchor);
    add({0, 0, 0, 0, 0, 0}, Phase::Anchor);
    for (std::size_t u = 0; u < 6; ++u) {
      Assignment probe(6, 0);
      probe[u] = 1;
      add(std::move(probe), Phase::Probe);
    }
  }

  void add(Assignment x, Phase phase) {
    double squared_error = 0;
    double theta = 1e-8;
    for (const std::uint8_t bit : x) squared_error += bit != 0 ? theta : 0.0, theta *= 10;
    const double latency_us = predicted_latency_us(space, x);
    asked.insert(x);
    trials.push_back(
        {trials.size(),
         std::move(x),
         phase,
         {TrialState::Complete, latency_us, squared_error, squared_error / bound - 1}});
  }

  Fill choose(const std::vector<Assignment>& candidates, std::size_t count,
              const PredictionCalibration& calibration = {}, const Rivals& rivals = {},
              const std::vector<Assignment>& pending = {}, const Goal& goal = {}) const {
    const Surrogate surrogate(space, trials);
    std::vector<ModelPoint> points;
    for (const Assignment& x : candidates)
      points.push_back(model_point(surrogate.space(), surrogate.error_model(), x));
    return choose_fill({space, surrogate, trials, asked, pending, goal, calibration, rivals},
                       points, count);
  }

  static constexpr double bound = 5e-6;  // units 0, 1, 2 together
  Space space;
  std::vector<Trial> trials;
  std::set<Assignment> asked;
};

TEST(Fill, TakesTheFastestCandidateThatShouldMeetTheRequirementsFirst) {
  const Fill fill = Study().choose({{1, 1, 0, 0, 0, 0}, {1, 1, 1, 0, 0, 0}, {0, 1, 1, 0, 0, 0}}, 1);
  ASSERT_EQ(fill.assignments.size(), 1u);
  EXPECT_EQ(fill.assignments[0], (Assignment{1, 1, 1, 0, 0, 0}));
  EXPECT_GT(fill.gain, 0.1);
}

// The first is the fastest that should meet the requirement, the second has more volume.
TEST(Fill, TakesWhatAddsMostVolumeWhereTheWholeFrontIsTheGoal) {
  const std::vector<Assignment> candidates{{1, 1, 1, 0, 0, 0}, {1, 1, 1, 1, 1, 0}};
  Goal goal;
  goal.whole_front = true;
  const Rivals rivals{{{-4, 95}}};
  EXPECT_EQ(Study().choose(candidates, 1, {}, rivals, {}, goal).assignments[0], candidates[1]);
  EXPECT_EQ(Study().choose(candidates, 1, {}, rivals).assignments[0], candidates[0]);
}

TEST(Fill, LeavesOutWhatWasAskedAndWhatAddsNothing) {
  Study study;
  study.add({1, 1, 1, 0, 0, 0}, Phase::Fill);
  // The second is slower and worse than the trial just added.
  EXPECT_TRUE(study.choose({{1, 1, 1, 0, 0, 0}, {0, 0, 0, 1, 1, 0}}, 4).assignments.empty());
}

TEST(Fill, ExpectsMoreWhereItsPredictionsWereFartherOff) {
  const std::vector<Assignment> candidates{{0, 0, 1, 1, 0, 0}};
  Study study;
  study.add({1, 1, 1, 0, 0, 0}, Phase::Fill);
  const Fill sure = study.choose(candidates, 1);
  PredictionCalibration calibration;
  const Trial& last = study.trials.back();
  for (int i = 0; i < 20; ++i) calibration.add({last.outcome.latency_us, -9, 0.01}, last.outcome);
  EXPECT_GT(study.choose(candidates, 1, calibration).gain, sure.gain);
}

TEST(Fill, SaysWhatWasExpectedOfEachChoice) {
  const Fill fill = Study().choose({{1, 1, 0, 0, 0, 0}, {1, 1, 1, 0, 0, 0}}, 4);
  ASSERT_EQ(fill.predictions.size(), fill.assignments.size());
  for (std::size_t i = 0; i < fill.assignments.size(); ++i)
    EXPECT_NEAR(fill.predictions[i].latency_us,
                predicted_latency_us(Study().space, fill.assignments[i]), 0.1);
}

// As fast as the candidate, of less error.
TEST(Fill, TakesWhatIsPendingToComeOutAsPredicted) {
  Study study;
  study.add({1, 1, 1, 0, 0, 0}, Phase::Fill);
  const std::vector<Assignment> candidates{{1, 0, 1, 0, 0, 0}};
  const double alone = study.choose(candidates, 1).gain;
  const double beside = study.choose(candidates, 1, {}, {}, {{1, 1, 0, 0, 0, 0}}).gain;
  EXPECT_LT(beside, 0.5 * alone);
}

// The sixth unit adds nothing to any error and is slower when lowered.
TEST(Fill, LeavesOutASlowerOneOfKnownError) {
  Study study;
  study.space.units[5].lowered_us = 20 + 1e-4;
  for (Trial& trial : study.trials) {
    if (trial.assignment[5] == 0) continue;
    trial.outcome.squared_error -= 1e-3;
    if (trial.phase == Phase::Probe) trial.outcome.squared_error = 0;
    trial.outcome.latency_us = predicted_latency_us(study.space, trial.assignment);
  }
  study.add({1, 1, 1, 0, 0, 0}, Phase::Fill);  // meets the requirement, and is faster
  const Assignment without{1, 0, 1, 0, 0, 0};
  Assignment with = without;
  with[5] = 1;
  EXPECT_EQ(study.choose({without, with}, 2).assignments.size(), 1u);
  EXPECT_TRUE(study.choose({with}, 1, {}, {}, {without}).assignments.empty());
  study.add(without, Phase::Fill);
  study.trials.back().outcome.squared_error = 3e-6;  // more than expected: less is hoped for
  EXPECT_TRUE(study.choose({with}, 1).assignments.empty());
}

// The second would be 2e-4 faster than the best that meets the requirement: the front comes first.
TEST(Fill, TakesATieOfTheGoalForNoGain) {
  Study study(0.02);
  study.add({1, 1, 1, 0, 0, 0}, Phase::Fill);
  const Fill fill = study.choose({{1, 1, 0, 0, 0, 0}, {1, 1, 1, 1, 0, 0}}, 1);
  ASSERT_EQ(fill.assignments.size(), 1u);
  EXPECT_EQ(fill.assignments[0], (Assignment{1, 1, 0, 0, 0, 0}));
}

TEST(Fill, LeavesOutWhatAddsNothingToRivals) {
  const std::vector<Assignment> candidates{{1, 1, 1, 0, 0, 0}};  // 90 us, an error of 1e-3
  Rivals rivals{{{-4, 60}}, FrontPoint{-4, 60}};
  EXPECT_TRUE(Study().choose(candidates, 1, {}, rivals).assignments.empty());
  rivals.front[0].log_error = -2;
  EXPECT_EQ(Study().choose(candidates, 1, {}, rivals).assignments.size(), 1u);
}

// The first meets the requirement, but is slower than the best rival; the second has more volume.
TEST(Fill, GainsOfTheGoalOnlyWhatIsBetterThanTheBestRival) {
  const std::vector<Assignment> candidates{{1, 1, 1, 0, 0, 0}, {1, 1, 1, 1, 1, 0}};
  Rivals rivals{{{-4, 95}}};
  EXPECT_EQ(Study().choose(candidates, 1, {}, rivals).assignments[0], candidates[0]);
  rivals.best = FrontPoint{-3, 60};
  EXPECT_EQ(Study().choose(candidates, 1, {}, rivals).assignments[0], candidates[1]);
}

TEST(Rivals, KeepTheBestByTheGoal) {
  Rivals rivals;
  offer_best(Aim::Latency, {-3, 60}, rivals);
  offer_best(Aim::Latency, {-4, 70}, rivals);
  EXPECT_EQ(rivals.best->latency_us, 60);
  offer_best(Aim::Error, {-4, 70}, rivals);
  EXPECT_EQ(rivals.best->latency_us, 70);
}

TEST(Fill, ChoosesEachCandidateOnce) {
  const Fill fill = Study().choose({{1, 1, 0, 0, 0, 0}, {1, 1, 1, 0, 0, 0}, {1, 1, 1, 1, 0, 0}}, 4);
  EXPECT_EQ(std::set<Assignment>(fill.assignments.begin(), fill.assignments.end()).size(),
            fill.assignments.size());
  EXPECT_GE(fill.assignments.size(), 2u);
}

}  // namespace
}  // namespace keel::search
