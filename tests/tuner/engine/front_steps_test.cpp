#include "tuner/engine/front_steps.h"

#include <gtest/gtest.h>

#include "profiler/simulator/timing.h"
#include "tests/tuner/engine/target_fixture.h"

namespace keel::engine {
namespace {

// Three units, two of which differ in their programs' casts.
Target three_units() {
  return target_of(
      "x: f32[64,64] = input\n"
      "w: f32[64,64] = constant splat(0.5)\n"
      "m = MatMul(x, w)\n"
      "s = Softmax(m)\n"
      "y = MatMul(s, w)\n"
      "return y\n");
}

std::vector<study::TrialRecord> trials(const std::vector<search::Assignment>& assignments) {
  std::vector<study::TrialRecord> records(assignments.size());
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    records[i].trial.number = i;
    records[i].trial.assignment = assignments[i];
  }
  return records;
}

double latency_us(const Target& target, const search::Assignment& assignment) {
  const program::Program program = must(target.prepared.compile(target.precisions(assignment)));
  return simulator::predict(target.soc, program).total_us;
}

TEST(FrontSteps, AreTheDifferencesOfNeighboursInTheOrderOfTheFront) {
  const Target target = three_units();
  ASSERT_EQ(target.units.size(), 3U);
  const std::vector<study::TrialRecord> records = trials({{0, 0, 0}, {1, 1, 1}, {1, 0, 1}});
  const std::vector<std::uint64_t> front = {1, 2, 0};
  const std::vector<report::FrontStep> steps = must(front_steps(target, records, front));
  ASSERT_EQ(steps.size(), 2U);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].from, front[i]);
    EXPECT_EQ(steps[i].to, front[i + 1]);
    EXPECT_NEAR(steps[i].us,
                latency_us(target, records[front[i + 1]].trial.assignment) -
                    latency_us(target, records[front[i]].trial.assignment),
                1e-9);
    EXPECT_LT(steps[i].lo_us, steps[i].us);
    EXPECT_GT(steps[i].hi_us, steps[i].us);
  }
}

TEST(FrontSteps, DoNotTellEqualProgramsApart) {
  const Target target = three_units();
  const std::vector<study::TrialRecord> records = trials({{1, 1, 1}, {1, 1, 1}});
  const std::vector<report::FrontStep> steps =
      must(front_steps(target, records, std::vector<std::uint64_t>{0, 1}));
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].us, 0);
  EXPECT_FALSE(steps[0].is_told_apart());
}

TEST(FrontSteps, AreNoneOfAFrontOfOneOrNone) {
  const Target target = three_units();
  const std::vector<study::TrialRecord> records = trials({{1, 1, 1}});
  EXPECT_TRUE(must(front_steps(target, records, std::vector<std::uint64_t>{0})).empty());
  EXPECT_TRUE(must(front_steps(target, records, {})).empty());
}

}  // namespace
}  // namespace keel::engine
