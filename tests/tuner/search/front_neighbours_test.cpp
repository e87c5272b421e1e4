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

TEST(FrontNeighbours, DifferInOneUnitFromAMeasuredFrontPointAndWereNotAsked) {
  const SyntheticModel model = eight_units();
  const std::vector<Trial> trials = probed(model);
  const std::vector<Assignment> found = neighbours(model, trials, 100);
  const std::set<Assignment> asked = assignments_of(trials);
  EXPECT_GT(found.size(), 8U);
  EXPECT_EQ(std::set<Assignment>(found.begin(), found.end()).size(), found.size());
  for (const Assignment& x : found) {
    EXPECT_FALSE(asked.contains(x));
    EXPECT_TRUE(std::ranges::any_of(
        front(trials), [&](const Trial& trial) { return distance(trial.assignment, x) == 1; }));
  }
}

TEST(FrontNeighbours, ComeWithTheLargestGainFirst) {
  const SyntheticModel model = eight_units();
  const std::vector<Trial> trials = probed(model);
  const std::vector<Assignment> all = neighbours(model, trials, 100);
  const std::vector<Assignment> two = neighbours(model, trials, 2);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0], all[0]);
  EXPECT_EQ(two[1], all[1]);
  // All but the two most sensitive ones lowered is out of reach; all but the last is not.
  EXPECT_EQ(two[0], (Assignment{1, 1, 1, 1, 1, 1, 1, 0}));
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
