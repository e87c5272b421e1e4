#include "tuner/search/front_neighbours.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tuner/search/strategy_run.h"

namespace keel::search {
namespace {

// Both anchors and the probes of a model of 8 units; told in full.
std::vector<Trial> probed(const SyntheticModel& model) {
  std::vector<Trial> trials;
  const auto add = [&](const Assignment& x, Phase phase) {
    trials.push_back({trials.size(), x, phase, model.measure(x)});
  };
  add(all_lowered(model.space), Phase::Anchor);
  add(all_kept(model.space), Phase::Anchor);
  for (UnitIndex u = 0; u < model.space.units.size(); ++u)
    add(lowered_alone(model.space, {u}), Phase::Probe);
  return trials;
}

SyntheticModel eight_units() {
  return plain_model({1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3}, 1e-2);
}

std::set<Assignment> assignments_of(const std::vector<Trial>& trials) {
  std::set<Assignment> asked;
  for (const Trial& trial : trials) asked.insert(trial.assignment);
  return asked;
}

std::vector<Assignment> neighbours(const SyntheticModel& model, const std::vector<Trial>& trials,
                                   std::size_t count) {
  std::vector<Assignment> result;
  for (const ModelPoint& point :
       front_neighbours(Surrogate(model.space, trials), trials, assignments_of(trials), count))
    result.push_back(point.assignment);
  return result;
}

int distance(const Assignment& a, const Assignment& b) {
  int count = 0;
  for (std::size_t u = 0; u < a.size(); ++u) count += a[u] != b[u] ? 1 : 0;
  return count;
}

// Whether `x` has the first or the last of what differs between `trial` and `anchor` from `anchor`.
bool is_crossover(const Assignment& x, const Assignment& trial, const Assignment& anchor) {
  std::vector<bool> is_of_anchor;
  for (std::size_t u = 0; u < x.size(); ++u) {
    if (trial[u] != anchor[u]) is_of_anchor.push_back(x[u] == anchor[u]);
    if (trial[u] == anchor[u] && x[u] != trial[u]) return false;
  }
  return std::ranges::is_sorted(is_of_anchor) ||
         std::ranges::is_sorted(is_of_anchor, std::greater());
}

TEST(FrontNeighbours, DifferInOneUnitFromAMeasuredFrontPointOrCrossItWithAnAnchorAndWereNotAsked) {
  const SyntheticModel model = eight_units();
  const std::vector<Trial> trials = probed(model);
  const std::vector<Assignment> found = neighbours(model, trials, 100);
  const std::set<Assignment> asked = assignments_of(trials);
  EXPECT_GT(found.size(), 8U);
  EXPECT_EQ(std::set<Assignment>(found.begin(), found.end()).size(), found.size());
  for (const Assignment& x : found) {
    EXPECT_FALSE(asked.contains(x));
    EXPECT_TRUE(std::ranges::any_of(front(trials), [&](const Trial& trial) {
      return distance(trial.assignment, x) == 1 ||
             is_crossover(x, trial.assignment, all_kept(model.space)) ||
             is_crossover(x, trial.assignment, all_lowered(model.space));
    }));
  }
}

// A run of units that only together are worth it, as a marking from one end finds it.
TEST(FrontNeighbours, CrossTheFrontWithTheAnchors) {
  const SyntheticModel model = eight_units();
  const std::vector<Assignment> found = neighbours(model, probed(model), 100);
  EXPECT_TRUE(std::ranges::find(found, Assignment{1, 1, 1, 1, 1, 0, 0, 0}) != found.end());
  EXPECT_TRUE(std::ranges::find(found, Assignment{0, 0, 0, 0, 1, 1, 1, 1}) != found.end());
}

TEST(FrontNeighbours, FlipWhatMergesTogether) {
  SyntheticModel model = eight_units();
  const Assignment group{0, 0, 1, 1, 1, 0, 0, 0};
  const std::vector<Assignment> apart = neighbours(model, probed(model), 1000);
  EXPECT_TRUE(std::ranges::find(apart, group) == apart.end());
  model.space.adjacent = {{2, 3, 0.5}, {3, 4, 0.5}};
  const std::vector<Assignment> merged = neighbours(model, probed(model), 1000);
  EXPECT_TRUE(std::ranges::find(merged, group) != merged.end());
}

TEST(FrontNeighbours, ComeWithTheLargestGainFirst) {
  const SyntheticModel model = eight_units();
  const std::vector<Trial> trials = probed(model);
  const std::vector<Assignment> all = neighbours(model, trials, 100);
  const std::vector<Assignment> two = neighbours(model, trials, 2);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0], all[0]);
  EXPECT_EQ(two[1], all[1]);
  // Of what all lowered has first: more is too far from its error, less takes too long.
  EXPECT_EQ(two[0], (Assignment{1, 1, 1, 1, 1, 0, 0, 0}));
}

TEST(FrontNeighbours, FlipWhatATensorLinksTogether) {
  SyntheticModel model = eight_units();
  model.space.tensors.push_back({0, {1}, false, 5, 5});
  model.truth.tensor = {0};
  const std::vector<Trial> trials = probed(model);
  const std::vector<Assignment> found = neighbours(model, trials, 100);
  EXPECT_TRUE(std::ranges::find(found, Assignment{1, 1, 0, 0, 0, 0, 0, 0}) != found.end());
}

TEST(FrontNeighbours, KeepFixedUnitsAndFollowers) {
  SyntheticModel model = eight_units();
  model.space.units[5].follows = 2;
  model.space.units[7].state = UnitState::Kept;
  const std::vector<Assignment> found = neighbours(model, probed(model), 100);
  EXPECT_FALSE(found.empty());
  for (const Assignment& x : found) {
    EXPECT_EQ(with_fixed_units(model.space, x), x);
    EXPECT_TRUE(is_realised(model.space, x));
  }
}

}  // namespace
}  // namespace keel::search
