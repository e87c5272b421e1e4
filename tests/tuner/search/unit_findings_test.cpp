#include "tuner/search/unit_findings.h"

#include <gtest/gtest.h>

#include <cmath>

namespace keel::search {
namespace {

Space suspects(const std::vector<bool>& is_suspect) {
  Space space;
  for (const bool suspect : is_suspect) space.units.push_back({UnitState::Free, 2, 1, 1, suspect});
  return space;
}

Trial probe(Assignment x, double error, double violation = 0,
            TrialState state = TrialState::Complete) {
  return {0, std::move(x), Phase::Probe, {state, 1, error * error, violation}};
}

TEST(UnitFindings, PinASuspectOnlyAboveFivePercent) {
  const Space space = suspects({true, true});
  const auto findings = unit_findings(space, {probe({1, 0}, 0.051, 3), probe({0, 1}, 0.049, -0.5)});
  EXPECT_TRUE(findings[0].probed);
  EXPECT_TRUE(findings[0].pinned);
  EXPECT_DOUBLE_EQ(findings[0].lone_error, 0.051);
  EXPECT_EQ(findings[0].lone_violation, 3);
  EXPECT_FALSE(findings[1].pinned);
}

TEST(UnitFindings, LearnFromAPartialTrialButNotFromARejectedOne) {
  const Space space = suspects({false, false});
  const double none = std::nan("");
  const Trial kept{0, {0, 0}, Phase::Anchor, {TrialState::Complete, 2, 1e-6, 0, 0, 2e-6}};
  const Trial partial{1, {1, 0}, Phase::Probe, {TrialState::Partial, 1, none, none, 0, 6e-6}};
  const Trial rejected{2, {0, 1}, Phase::Refine, {TrialState::Rejected, 1, none, 3, 0, none}};
  const auto findings = unit_findings(space, {kept, partial, rejected});
  EXPECT_TRUE(findings[0].probed);
  EXPECT_DOUBLE_EQ(findings[0].lone_error, 2e-3);
  EXPECT_TRUE(std::isnan(findings[0].lone_violation));
  EXPECT_EQ(findings[0].probe, 1u);
  EXPECT_FALSE(findings[1].probed || findings[1].pinned);
  Trial full = probe({1, 0}, 3e-3);
  full.number = 3;
  EXPECT_EQ(unit_findings(space, {kept, partial, rejected, full})[0].probe, 3u);
}

TEST(UnitFindings, AreSharedByUnitsThatMustAgree) {
  Space space = suspects({false, true, false});
  space.units[2].gang = 0;
  const auto findings = unit_findings(space, {probe({1, 0, 1}, 0.02), probe({1, 0, 0}, 0.9)});
  for (const std::size_t u : {0U, 2U}) {
    EXPECT_TRUE(findings[u].probed);
    EXPECT_DOUBLE_EQ(findings[u].lone_error, 0.02);
  }
  space.units[1].gang = 0;
  const Space pinned = with_pins(space, unit_findings(space, {probe({1, 1, 1}, 0.9)}));
  for (const Unit& unit : pinned.units) EXPECT_EQ(unit.state, UnitState::Kept);
}

// Lowering the first takes 15/16 of the squared error of all kept away.
TEST(UnitFindings, CountFromWhatProbesStartedFrom) {
  const Space space = suspects({false, false, true});
  const Trial kept{0, {0, 0, 0}, Phase::Anchor, {TrialState::Complete, 2, 16e-6, 0}};
  const auto findings = unit_findings(
      space,
      {kept, probe({1, 0, 0}, 1e-3), probe({1, 1, 0}, std::sqrt(5e-6)), probe({1, 0, 1}, 0.06, 2)});
  EXPECT_TRUE(findings[0].probed);
  EXPECT_EQ(findings[0].lone_error, 0);
  EXPECT_TRUE(findings[1].probed);
  EXPECT_FALSE(findings[1].group);
  EXPECT_NEAR(findings[1].lone_error, 2e-3, 1e-9);
  EXPECT_TRUE(findings[2].pinned);
  EXPECT_EQ(findings[2].lone_violation, 2);
}

TEST(UnitFindings, LeaveAnUnsuspectedLargeErrorToTheModel) {
  EXPECT_FALSE(unit_findings(suspects({false}), {probe({1}, 0.3)})[0].pinned);
}

TEST(UnitFindings, PinAnyUnitWhoseProbeIsNotFiniteOrFailed) {
  const Space space = suspects({false, false});
  const auto findings = unit_findings(space, {probe({1, 0}, std::nan(""), 0, TrialState::NonFinite),
                                              probe({0, 1}, 0, 0, TrialState::Failed)});
  for (const UnitFinding& finding : findings) {
    EXPECT_TRUE(finding.pinned);
    EXPECT_TRUE(finding.lone_non_finite);
    EXPECT_GT(finding.lone_violation, 0);
  }
}

TEST(UnitFindings, KeepASuspectThatWasNotProbed) {
  const auto findings = unit_findings(suspects({true, false}), {});
  EXPECT_TRUE(findings[0].pinned);
  EXPECT_FALSE(findings[0].probed);
  EXPECT_FALSE(findings[1].pinned);
}

TEST(UnitFindings, CountOnlyWhatTheProbeAdds) {
  Space space = suspects({true, false});
  space.units[1].state = UnitState::Lowered;
  const auto findings = unit_findings(space, {probe({0, 1}, 0.3), probe({1, 1}, 0.301)});
  EXPECT_NEAR(findings[0].lone_error, std::sqrt(0.301 * 0.301 - 0.09), 1e-12);
  EXPECT_FALSE(findings[0].pinned);
  EXPECT_FALSE(findings[1].probed);
}

TEST(UnitFindings, IgnoreTrialsThatLowerMoreThanOne) {
  EXPECT_FALSE(unit_findings(suspects({false, false}), {probe({1, 1}, 0.1)})[0].probed);
}

TEST(UnitFindings, GuardTheUnitsOfAPoleThatTogetherAreACliff) {
  Space space = suspects({false, false, false, false});
  space.poles = {{{0, 2}}, {{1, 3}}};
  Trial together = probe({1, 0, 1, 0}, 0, 0, TrialState::NonFinite);
  together.number = 7;
  const auto findings = unit_findings(space, {together, probe({0, 1, 0, 1}, 0.049)});
  for (const UnitIndex unit : {0, 2}) {
    EXPECT_TRUE(findings[unit].guarded);
    EXPECT_TRUE(findings[unit].pinned);
    EXPECT_EQ(findings[unit].guard_trial, 7u);
    EXPECT_FALSE(findings[unit].probed);
  }
  EXPECT_FALSE(findings[1].guarded);
  EXPECT_TRUE(respects_guards(findings, {0, 1, 0, 1}));
  EXPECT_FALSE(respects_guards(findings, {0, 0, 1, 0}));
}

TEST(UnitFindings, GuardALostFloorWithoutAProbe) {
  Space space = suspects({false, false});
  space.poles = {{{1}, true}};
  const auto findings = unit_findings(space, {probe({0, 1}, 0)});
  EXPECT_TRUE(findings[1].guarded);
  EXPECT_EQ(findings[1].guard_trial, std::nullopt);
  EXPECT_FALSE(findings[0].guarded);
}

TEST(UnitFindings, TurnPinsIntoKeptUnits) {
  const Space space = suspects({true, false});
  const Space pinned = with_pins(space, unit_findings(space, {probe({1, 0}, 0.9)}));
  EXPECT_EQ(pinned.units[0].state, UnitState::Kept);
  EXPECT_EQ(pinned.units[1].state, UnitState::Free);
}

}  // namespace
}  // namespace keel::search
