#include "tuner/search/exhaustive.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/tuner/search/strategy_run.h"

namespace keel::search {
namespace {

std::size_t trials_of(const Space& space) {
  const Result<std::size_t> trials = exhaustive_trials(space);
  EXPECT_TRUE(trials.ok());
  return trials.ok() ? *trials : 0;
}

TEST(Exhaustive, AsksEveryAssignmentOnce) {
  SyntheticModel model = random_model(3, 10);
  model.space.units[4].state = UnitState::Kept;
  const std::size_t count = trials_of(model.space);
  EXPECT_EQ(count, 512U);
  std::set<Assignment> asked;
  for (const Trial& trial : run_to_the_end(make_exhaustive(model.space, {0, count}), model))
    asked.insert(trial.assignment);
  const std::vector<Assignment> every = every_assignment(model.space);
  EXPECT_EQ(asked, std::set<Assignment>(every.begin(), every.end()));
}

TEST(Exhaustive, LeavesOutWhatNoModeRealises) {
  for (const bool backwards : {false, true}) {
    SyntheticModel model = random_model(3, 8);
    const auto place = [&](UnitIndex u) { return backwards ? 7 - u : u; };
    for (UnitIndex u = 1; u < 8; ++u) model.space.units[place(u)].follows = place(u / 2);
    std::size_t realised = 0;
    for (const Assignment& x : every_assignment(model.space))
      realised += is_realised(model.space, x) ? 1 : 0;
    EXPECT_EQ(trials_of(model.space), realised);
    std::set<Assignment> asked;
    for (const Trial& trial : run_to_the_end(make_exhaustive(model.space, {0, realised}), model))
      asked.insert(trial.assignment);
    EXPECT_EQ(asked.size(), realised);
  }
}

// Each shares with the one before what lies in front: half of the steps change the last unit alone.
TEST(Exhaustive, ChangesTheLastUnitsMostOften) {
  const SyntheticModel model = random_model(3, 8);
  const std::vector<Trial> trials = run_to_the_end(make_exhaustive(model.space, {0, 256}), model);
  std::size_t last_alone = 0;
  for (std::size_t i = 3; i < trials.size(); ++i) {
    Assignment before = trials[i - 1].assignment;
    before[7] = trials[i].assignment[7];
    last_alone += before == trials[i].assignment ? 1 : 0;
  }
  EXPECT_GE(last_alone, 126U);
}

TEST(Exhaustive, RefusesASpaceThatIsTooLarge) {
  EXPECT_EQ(trials_of(random_space(1, 16)), 65536U);
  const Result<std::size_t> trials = exhaustive_trials(random_space(1, 17));
  ASSERT_FALSE(trials.ok());
  EXPECT_EQ(trials.error().what,
            "17 free units have more than the 65536 assignments that an exhaustive search "
            "evaluates");
  EXPECT_EQ(trials.error().where, "option --strategy");
  EXPECT_EQ(trials.error().fix,
            "use another strategy, or a keep list that leaves at most 16 units free");
}

}  // namespace
}  // namespace keel::search
