#include "tuner/search/probe_start.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace keel::search {
namespace {

Space free_space(std::size_t units) {
  Space space;
  space.units.resize(units);
  return space;
}

Trial trial(Assignment x, Phase phase, double error) {
  return {0, std::move(x), phase, {TrialState::Complete, 1, error * error, 0}};
}

// All kept of error 8e-3, and probes of the first units with these errors.
std::vector<Trial> probed(const Space& space, const std::vector<double>& errors) {
  std::vector<Trial> trials = {trial(all_kept(space), Phase::Anchor, 8e-3)};
  for (UnitIndex u = 0; u < errors.size(); ++u)
    trials.push_back(trial(lowered_alone(space, {u}), Phase::Probe, errors[u]));
  return trials;
}

std::optional<Assignment> start_of(const Space& space, const std::vector<Trial>& trials) {
  const std::optional<Trial> start = find_start(space, trials);
  if (!start) return std::nullopt;
  return start->assignment;
}

TEST(Scouts, AreTheFirstTenthButForSuspectsAndWhatFeedsAPole) {
  Space space = free_space(60);
  std::vector<UnitIndex> units(60);
  std::iota(units.begin(), units.end(), 0U);
  EXPECT_EQ(scouts(space, units), (std::vector<UnitIndex>{0, 1, 2, 3, 4, 5}));
  space.units[1].suspect = true;
  space.poles = {{{3, 40}}};
  EXPECT_EQ(scouts(space, units), (std::vector<UnitIndex>{0, 2, 4, 5}));
  space.units[41].gang = 4;
  space.units[41].suspect = true;
  EXPECT_EQ(scouts(space, units), (std::vector<UnitIndex>{0, 2, 5})) << "nor what one must follow";
  EXPECT_EQ(scouts(space, {4, 5, 6}), std::vector<UnitIndex>());
}

TEST(AllKept, IsRoughWithAQuarterOfTheErrorOfAllLowered) {
  const Space space = free_space(3);
  std::vector<Trial> trials = probed(space, {});
  EXPECT_FALSE(is_all_kept_rough(space, trials)) << "all lowered is not known";
  trials.push_back(trial(all_lowered(space), Phase::Anchor, 31e-3));
  EXPECT_TRUE(is_all_kept_rough(space, trials));
  trials.back() = trial(all_lowered(space), Phase::Anchor, 33e-3);
  EXPECT_FALSE(is_all_kept_rough(space, trials));
  trials.back().outcome.state = TrialState::NonFinite;
  EXPECT_FALSE(is_all_kept_rough(space, trials));
}

TEST(FindStart, IsTheProbeOfLeastErrorOfThoseWithHalfThatOfAllKept) {
  const Space space = free_space(4);
  EXPECT_EQ(start_of(space, probed(space, {4.1e-3, 9e-3})), std::nullopt);
  EXPECT_EQ(start_of(space, probed(space, {3.9e-3, 1e-3, 2e-3})), lowered_alone(space, {1}));
}

TEST(FindStart, IsNoSuspectNorWhatFeedsAPoleNorAnythingOfSeveralUnits) {
  Space space = free_space(4);
  space.units[0].suspect = true;
  space.poles = {{{1, 3}}};
  std::vector<Trial> trials = probed(space, {1e-3, 1e-3, 3e-3});
  trials.push_back(trial(lowered_alone(space, {1, 3}), Phase::Probe, 1e-3));
  trials.push_back(trial(lowered_alone(space, {2, 3}), Phase::Probe, 1e-3));
  trials.push_back(trial(lowered_alone(space, {2}), Phase::Refine, 1e-3));
  EXPECT_EQ(start_of(space, trials), lowered_alone(space, {2}));
  EXPECT_EQ(find_start(space, trials)->phase, Phase::Probe);
}

TEST(FindStart, ComparesErrorsOnSamplesThatBothRanOn) {
  const Space space = free_space(2);
  std::vector<Trial> trials = probed(space, {});
  trials[0].outcome.probing_squared_error = 1e-6;
  Trial partial = trial(lowered_alone(space, {0}), Phase::Probe, std::nan(""));
  partial.outcome.state = TrialState::Partial;
  partial.outcome.probing_squared_error = 5e-7;
  trials.push_back(partial);
  EXPECT_EQ(start_of(space, trials), std::nullopt);
  trials.back().outcome.probing_squared_error = 2e-7;
  EXPECT_EQ(start_of(space, trials), lowered_alone(space, {0}));
}

TEST(FindStart, IsNoneWhereAllKeptIsExact) {
  const Space space = free_space(2);
  std::vector<Trial> trials = probed(space, {0});
  trials[0].outcome.squared_error = 1e-15;
  EXPECT_EQ(start_of(space, trials), std::nullopt);
  EXPECT_EQ(start_of(space, {trials[1]}), std::nullopt) << "all kept is not known";
}

TEST(ProbedSpace, LowersTheStartOnceAProbeStartedFromIt) {
  const Space space = free_space(4);
  std::vector<Trial> trials = probed(space, {9e-3, 1e-3});
  EXPECT_EQ(probed_space(space, trials).units[1].state, UnitState::Free);
  trials.push_back(trial(lowered_alone(space, {1, 3}), Phase::Refine, 1e-3));
  EXPECT_EQ(probed_space(space, trials).units[1].state, UnitState::Free);
  trials.back().phase = Phase::Probe;
  const Space started = probed_space(space, trials);
  EXPECT_EQ(started.units[1].state, UnitState::Lowered);
  EXPECT_EQ(started.units[0].state, UnitState::Free);
}

}  // namespace
}  // namespace keel::search
