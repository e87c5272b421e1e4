#include "tuner/search/nsga2.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tuner/search/strategy_run.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/random_search.h"

namespace keel::search {
namespace {

double volume(const SyntheticModel& model, const std::vector<Trial>& trials, std::size_t count) {
  Hypervolume total(reference_point(model.space, trials), {});
  for (std::size_t i = 0; i < std::min(count, trials.size()); ++i)
    if (trials[i].outcome.state == TrialState::Complete)
      total.add({log_error(trials[i].outcome.squared_error), trials[i].outcome.latency_us});
  return total.value();
}

// A model of 40 units whose best bits are easy to tell: selection has to find them.
SyntheticModel forty_units() {
  SyntheticModel model = random_model(11, 40);
  model.is_cliff.assign(40, 0);
  return model;
}

TEST(Nsga2, BeatsRandomSearchOnTheFrontOfEquallyManyTrials) {
  const SyntheticModel model = forty_units();
  int better = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const std::vector<Trial> bred = run_to_the_end(make_nsga2(model.space, {seed, 400}), model);
    const std::vector<Trial> drawn =
        run_to_the_end(make_random_search(model.space, {seed, 400}), model);
    EXPECT_EQ(bred.size(), 400U);
    better += volume(model, bred, 400) > volume(model, drawn, 400) ? 1 : 0;
  }
  EXPECT_GE(better, 9);
}

// In a space so small that random draws meet the anchors often.
TEST(Nsga2, BeginsWithAsManyDifferentAssignmentsAsItsPopulationHas) {
  const SyntheticModel model = random_model(11, 6);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::unique_ptr<Strategy> strategy = make_nsga2(model.space, {seed, 60});
    std::vector<Trial> anchors;
    while (const std::optional<Proposal> next = strategy->ask())
      anchors.push_back(
          {anchors.size(), next->assignment, next->phase, model.measure(next->assignment)});
    ASSERT_EQ(anchors.size(), 2U);
    for (const Trial& anchor : anchors) strategy->tell(anchor);
    int immigrants = 0;
    while (strategy->ask()) ++immigrants;
    EXPECT_EQ(immigrants, 22) << "seed " << seed;
  }
}

TEST(Nsga2, GrowsFromGenerationToGeneration) {
  const SyntheticModel model = forty_units();
  const std::vector<Trial> trials = run_to_the_end(make_nsga2(model.space, {1, 960}), model);
  EXPECT_GT(volume(model, trials, 240), 1.02 * volume(model, trials, 24));
  EXPECT_GT(volume(model, trials, 960), 1.02 * volume(model, trials, 240));
}

TEST(Nsga2, LeavesTrialsThatAreNotFiniteBehind) {
  SyntheticModel model = forty_units();
  for (const std::size_t cliff : {3u, 17u, 30u})
    model.is_cliff[cliff] = model.is_non_finite[cliff] = 1;
  const std::vector<Trial> trials = run_to_the_end(make_nsga2(model.space, {1, 600}), model);
  const auto complete = [](auto first, auto last) {
    return std::count_if(first, last, [](const Trial& trial) {
      return trial.outcome.state == TrialState::Complete;
    });
  };
  EXPECT_LT(complete(trials.begin(), trials.begin() + 24), 18);
  EXPECT_GT(complete(trials.end() - 96, trials.end()), 72);
}

}  // namespace
}  // namespace keel::search
