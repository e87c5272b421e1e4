#include "tuner/search/probing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace keel::search {
namespace {

Space two_units() {
  Space space;
  space.units.resize(2);
  return space;
}

Trial anchor(Assignment x, double squared_error, double probing) {
  return {0, std::move(x), Phase::Anchor, {TrialState::Complete, 1, squared_error, 0, 0, probing}};
}

Trial partial(Assignment x, double probing) {
  return {0,
          std::move(x),
          Phase::Probe,
          {TrialState::Partial, 1, std::nan(""), std::nan(""), 0, probing}};
}

TEST(Probing, AddsToAllKeptWhatTheAnchorOfMostErrorSaysOfAllSamples) {
  const std::vector<Trial> trials{anchor({1, 1}, 6e-4, 3e-4), anchor({0, 0}, 1e-5, 2e-5),
                                  partial({1, 0}, 5e-5)};
  const ProbingScale scale(two_units(), trials);
  EXPECT_DOUBLE_EQ(scale.squared_error(trials[2].outcome), 1e-5 + 2 * (5e-5 - 2e-5));
  EXPECT_EQ(scale.squared_error(trials[0].outcome), 6e-4);
}

TEST(Probing, ScalesByAnAnchorWithoutACliffWhereThereIsOne) {
  std::vector<Trial> trials{anchor({1, 1}, 0.7, 0.7), anchor({0, 0}, 0, 0), partial({1, 0}, 5e-5)};
  EXPECT_EQ(ProbingScale(two_units(), trials).squared_error(trials[2].outcome), 5e-5);
  for (const std::size_t place : {0u, 2u}) {
    std::vector<Trial> more = trials;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(place), anchor({1, 0}, 6e-4, 3e-4));
    EXPECT_EQ(ProbingScale(two_units(), more).squared_error(trials[2].outcome), 1e-4) << place;
  }
}

TEST(Probing, IsNoLessThanNothing) {
  const std::vector<Trial> trials{anchor({1, 1}, 6e-4, 3e-4), anchor({0, 0}, 1e-5, 2e-5),
                                  partial({1, 0}, 0)};
  EXPECT_EQ(ProbingScale(two_units(), trials).squared_error(trials[2].outcome), 0);
}

TEST(Probing, TakesTheFiguresAsTheyAreWhereAllLoweredIsNotFinite) {
  Trial lowered = anchor({1, 1}, 6e-4, 3e-4);
  lowered.outcome.state = TrialState::NonFinite;
  const std::vector<Trial> trials{lowered, anchor({0, 0}, 0, 0), partial({1, 0}, 5e-5)};
  EXPECT_EQ(ProbingScale(two_units(), trials).squared_error(trials[2].outcome), 5e-5);
}

TEST(Probing, SaysNothingWithoutAllKept) {
  const std::vector<Trial> trials{anchor({1, 1}, 6e-4, 3e-4), partial({1, 0}, 5e-5)};
  EXPECT_TRUE(std::isnan(ProbingScale(two_units(), trials).squared_error(trials[1].outcome)));
}

TEST(Probing, GivesWayToATrialInFull) {
  Trial full = anchor({1, 0}, 7e-5, 5e-5);
  full.phase = Phase::Fill;
  const std::vector<Trial> trials{anchor({1, 1}, 6e-4, 3e-4), anchor({0, 0}, 0, 0),
                                  partial({1, 0}, 5e-5), partial({0, 1}, 4e-5), full};
  const std::vector<Trial> scaled = with_probing_scaled(two_units(), trials);
  ASSERT_EQ(scaled.size(), 4u);
  EXPECT_EQ(scaled[2].assignment, (Assignment{0, 1}));
  EXPECT_DOUBLE_EQ(scaled[2].outcome.squared_error, 8e-5);
  EXPECT_EQ(scaled[3].outcome.squared_error, 7e-5);
}

TEST(Probing, OfTwoPartialTrialsTheVerifiedOneCountsWhateverWasRejected) {
  Trial verified = partial({1, 0}, 5.5e-5);
  verified.outcome.violation = -0.5;
  Trial rejected = partial({0, 1}, 0);
  rejected.outcome.state = TrialState::Rejected;
  const std::vector<Trial> trials{anchor({1, 1}, 6e-4, 3e-4),
                                  anchor({0, 0}, 0, 0),
                                  partial({1, 0}, 5e-5),
                                  partial({0, 1}, 4e-5),
                                  verified,
                                  rejected};
  const std::vector<Trial> scaled = with_probing_scaled(two_units(), trials);
  ASSERT_EQ(scaled.size(), 5u);
  EXPECT_DOUBLE_EQ(scaled[2].outcome.squared_error, 8e-5);
  EXPECT_DOUBLE_EQ(scaled[3].outcome.squared_error, 11e-5);
  EXPECT_EQ(scaled[3].outcome.violation, -0.5);
}

}  // namespace
}  // namespace keel::search
