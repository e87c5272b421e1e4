#include "tuner/search/group_probing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/tuner/search/strategy_run.h"
#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

using Group = GroupProbing::Group;

std::vector<UnitIndex> first_units(std::size_t count) {
  std::vector<UnitIndex> units(count);
  std::iota(units.begin(), units.end(), UnitIndex{0});
  return units;
}

// 40 blocks of ten units, the costs of each kind its own; of kind 9 all are suspects, of 8 half.
SyntheticModel blocks() {
  SyntheticModel model = plain_model(std::vector<double>(400, 1e-9), 1e-3);
  for (UnitIndex u = 0; u < 400; ++u) {
    model.space.units[u].kept_us = 2 + u % 10;
    model.space.units[u].suspect = u % 10 == 9 || u % 20 == 8;
  }
  return model;
}

// Everything that is probed, by group in the order asked; the anchors first.
std::vector<Trial> probe_all(const SyntheticModel& model, std::vector<Group>* asked = nullptr) {
  std::vector<Trial> trials;
  const auto add = [&](const Assignment& x, Phase phase) {
    trials.push_back({trials.size(), x, phase, model.measure(x)});
    trials.back().outcome.probing_squared_error = trials.back().outcome.squared_error;
  };
  add(all_lowered(model.space), Phase::Anchor);
  add(all_kept(model.space), Phase::Anchor);
  GroupProbing probing(model.space, first_units(model.space.units.size()));
  for (std::vector<Group> groups = probing.next(trials); !groups.empty();
       groups = probing.next(trials))
    for (const Group& group : groups) {
      add(lowered_alone(model.space, group), Phase::Probe);
      if (asked != nullptr) asked->push_back(group);
    }
  return trials;
}

TEST(GroupProbing, TriesFewUnitsOneByOneTheLastFirst) {
  const SyntheticModel model = plain_model({1e-3, 1e-6, 1e-9}, 1e-3);
  std::vector<Group> asked;
  probe_all(model, &asked);
  EXPECT_EQ(asked, (std::vector<Group>{{2}, {1}, {0}}));
}

TEST(GroupProbing, PutsUnitsOfEqualCostsTogetherAndSuspectsApart) {
  const SyntheticModel model = blocks();
  const std::vector<Group> groups = GroupProbing(model.space, first_units(400)).next({});
  EXPECT_EQ(groups.size(), 51u);
  std::vector<UnitIndex> all;
  for (const Group& group : groups) {
    EXPECT_LE(group.size(), 8u);
    for (const UnitIndex unit : group) {
      EXPECT_EQ(unit % 10, group[0] % 10);
      EXPECT_EQ(model.space.units[unit].suspect, model.space.units[group[0]].suspect);
    }
    all.insert(all.end(), group.begin(), group.end());
  }
  EXPECT_TRUE(std::ranges::is_sorted(groups, std::greater(), [](const Group& g) { return g[0]; }));
  std::ranges::sort(all);
  EXPECT_EQ(all, first_units(400));
}

TEST(GroupProbing, PutsUnitsThatHaveNoneLikeThemTogetherByCost) {
  SyntheticModel model = blocks();
  for (UnitIndex u = 0; u < 400; ++u) model.space.units[u].kept_us += 0.001 * (399 - u);
  const std::vector<Group> groups = GroupProbing(model.space, first_units(400)).next({});
  EXPECT_EQ(groups.size(), 51u);
  for (const Group& group : groups)
    for (const UnitIndex unit : group)
      EXPECT_EQ(model.space.units[unit].suspect, model.space.units[group[0]].suspect);
}

// 123 and 234 are most of the error, 345 is not finite, 199 is a cliff.
TEST(GroupProbing, SplitsWhatHoldsMuchOfTheErrorOrIsACliff) {
  SyntheticModel model = blocks();
  model.truth.unit[123] = 1e-4;
  model.truth.unit[234] = 3e-5;
  model.is_cliff[345] = model.is_non_finite[345] = 1;
  model.truth.unit[199] = 0.06 * 0.06;
  std::vector<Group> asked;
  const std::vector<Trial> trials = probe_all(model, &asked);
  EXPECT_LT(asked.size(), 90u);
  for (const UnitIndex unit : {123u, 234u, 345u, 199u})
    EXPECT_NE(std::ranges::find(asked, Group{unit}), asked.end()) << unit;
  EXPECT_EQ(std::ranges::find(asked, Group{124}), asked.end());

  const std::vector<UnitFinding> findings = unit_findings(model.space, trials);
  for (UnitIndex u = 0; u < 400; ++u)
    EXPECT_EQ(findings[u].pinned, u == 345 || u == 199) << u << ": a suspect is cleared by others";
  EXPECT_FALSE(findings[124].probed);
  ASSERT_TRUE(findings[124].group);
  const Trial& with_others = trials[findings[124].group->trial];
  EXPECT_EQ(with_others.assignment[124], 1);
  EXPECT_EQ(findings[124].group->units, 8u);
  ASSERT_TRUE(findings[83].group);
  EXPECT_EQ(findings[83].group->units, 4u) << "in a group of eight with 123, then in half of it";
  EXPECT_NEAR(findings[124].group->error, std::sqrt(8e-9), 1e-9);
}

TEST(GroupProbing, ShowsTheErrorModelAShareOfEach) {
  SyntheticModel model = blocks();
  model.truth.unit[123] = 1e-4;
  for (UnitIndex u = 4; u < 400; u += 10) model.truth.unit[u] = 2e-9;
  const std::vector<Trial> trials = probe_all(model);
  const ErrorModel fitted = fit_error_model(model.space, trials);
  EXPECT_NEAR(fitted.unit[123], 1e-4, 1e-6);
  EXPECT_NEAR(fitted.unit[4], 2e-9, 1e-10);
  EXPECT_NEAR(fitted.unit[5], 1e-9, 1e-10);
  EXPECT_LT(fitted.unit[133], 1e-8) << "in a group with 123 at first";
}

TEST(ProbedGroups, ComeTheSmallestFirst) {
  Space space = plain_model({1, 1, 1, 1}, 1).space;
  const auto probe = [](Assignment x) { return Trial{0, std::move(x), Phase::Probe, {}}; };
  Trial fill = probe({1, 1, 0, 1});
  fill.phase = Phase::Fill;
  const std::vector<ProbedGroup> groups =
      probed_groups(space, {probe({1, 1, 1, 0}), probe({1, 0, 0, 0}), fill, probe({0, 1, 1, 0})});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].units, (std::vector<UnitIndex>{1, 2}));
  EXPECT_EQ(groups[0].trial, 3u);
  EXPECT_EQ(groups[1].units, (std::vector<UnitIndex>{0, 1, 2}));
}

// A suspect that only a group with a cliff has is not cleared.
TEST(UnitFindings, ClearNoSuspectOfAGroupWithACliff) {
  Space space = plain_model({0, 0, 0, 0}, 1).space;
  for (Unit& unit : space.units) unit.suspect = true;
  const auto trial = [](Assignment x, Phase phase, double squared_error) {
    return Trial{0, std::move(x), phase, {TrialState::Complete, 1, squared_error, 0}};
  };
  const std::vector<UnitFinding> findings = unit_findings(
      space, {trial({0, 0, 0, 0}, Phase::Anchor, 0), trial({1, 1, 0, 0}, Phase::Probe, 0.06 * 0.06),
              trial({0, 0, 1, 1}, Phase::Probe, 0.04 * 0.04)});
  EXPECT_TRUE(findings[0].pinned && findings[1].pinned);
  EXPECT_FALSE(findings[2].pinned || findings[3].pinned);
  EXPECT_FALSE(findings[2].probed);
}

}  // namespace
}  // namespace keel::search
