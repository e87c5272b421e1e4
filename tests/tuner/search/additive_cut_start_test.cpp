#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/tuner/search/strategy_run.h"
#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/additive_cut.h"

namespace keel::search {
namespace {

std::vector<Trial> tune(const SyntheticModel& model, std::size_t max_trials) {
  return run_to_the_end(make_additive_cut(model.space, {1, max_trials}), model);
}

TEST(AdditiveCut, ProbesTheFirstUnitsToFindOneToStartFrom) {
  SyntheticModel model = unlucky_when_kept();
  model.space.units[2].lowered_us = 3;  // slower than kept, and lowered all the same
  const std::vector<Trial> trials = tune(model, 200);
  for (const std::size_t scout : {2U, 3U, 4U, 5U})
    EXPECT_EQ(trials[scout].assignment,
              lowered_alone(model.space, {static_cast<UnitIndex>(scout - 2)}));
  std::set<std::size_t> probed;
  for (std::size_t i = 6; i < 45; ++i) {
    ASSERT_EQ(trials[i].phase, Phase::Probe) << i;
    EXPECT_EQ(trials[i].assignment[2], 1) << i;
    EXPECT_EQ(std::ranges::count(trials[i].assignment, 1), 2) << i;
    for (std::size_t u = 0; u < 40; ++u)
      if (u != 2 && trials[i].assignment[u] != 0) probed.insert(u);
  }
  EXPECT_EQ(probed.size(), 39u) << "scouts are probed again from there";
  for (const Trial& trial : trials) {
    if (trial.phase != Phase::Front && trial.phase != Phase::Fill) continue;
    EXPECT_EQ(trial.assignment[2], 1) << trial.number;
  }
}

TEST(AdditiveCut, SendsNoScoutsWhereUnitsAreProbedInGroups) {
  SyntheticModel model = plain_model(std::vector<double>(310, 1e-9), 1e-2);
  model.truth.base = 1e-5;
  EXPECT_GT(std::ranges::count(tune(model, 60)[2].assignment, 1), 1);
}

TEST(AdditiveCut, StartsFromAllKeptWhereNoProbeHasMuchLessError) {
  SyntheticModel model = unlucky_when_kept();
  model.truth.unit[2] = -0.7e-5;
  const std::vector<Trial> trials = tune(model, 200);
  std::set<Assignment> seen;
  for (std::size_t i = 2; i < 42; ++i) {
    ASSERT_EQ(trials[i].phase, Phase::Probe) << i;
    EXPECT_EQ(std::ranges::count(trials[i].assignment, 1), 1) << i;
    EXPECT_TRUE(seen.insert(trials[i].assignment).second) << i;
  }
}

}  // namespace
}  // namespace keel::search
