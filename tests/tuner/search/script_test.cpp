#include "tuner/search/script.h"

#include <gtest/gtest.h>

namespace keel::search {
namespace {

Outcome latency(double us) { return {TrialState::Complete, us, 0, 0}; }

// Notes what it is told, and asks for the sum of that many ones.
Script noting(std::vector<double>* noted) {
  const Batch first{{{0, 0}, {1, 0}, {0, 0}}, Phase::Anchor};
  for (const Outcome& outcome : co_await first) noted->push_back(outcome.latency_us);
  const Batch second{{{1, 0}, {1, 1}}, Phase::Probe};
  for (const Outcome& outcome : co_await second) noted->push_back(outcome.latency_us);
}

Trial trial_of(const Proposal& proposal, std::uint64_t number, double us) {
  return {number, proposal.assignment, proposal.phase, latency(us)};
}

TEST(Script, GetsOutcomesInTheOrderOfItsBatchAndNothingIsAskedTwice) {
  std::vector<double> noted;
  const std::unique_ptr<Strategy> strategy = make_scripted(noting(&noted), 10);
  const std::optional<Proposal> kept = strategy->ask();
  const std::optional<Proposal> half = strategy->ask();
  ASSERT_TRUE(kept && half);
  EXPECT_EQ(kept->assignment, (Assignment{0, 0}));
  EXPECT_EQ(kept->phase, Phase::Anchor);
  EXPECT_FALSE(strategy->ask());
  strategy->tell(trial_of(*kept, 0, 5));
  EXPECT_FALSE(strategy->ask());
  strategy->tell(trial_of(*half, 1, 7));
  const std::optional<Proposal> lowered = strategy->ask();
  ASSERT_TRUE(lowered);
  EXPECT_EQ(lowered->assignment, (Assignment{1, 1}));
  EXPECT_EQ(lowered->phase, Phase::Probe);
  EXPECT_EQ(noted, (std::vector<double>{5, 7, 5}));
  strategy->tell(trial_of(*lowered, 2, 9));
  EXPECT_FALSE(strategy->ask());
  EXPECT_FALSE(strategy->ask());
  EXPECT_EQ(noted, (std::vector<double>{5, 7, 5, 7, 9}));
}

TEST(Script, EndsInsideABatchWhenTheBudgetDoes) {
  std::vector<double> noted;
  const std::unique_ptr<Strategy> strategy = make_scripted(noting(&noted), 1);
  const std::optional<Proposal> only = strategy->ask();
  ASSERT_TRUE(only);
  strategy->tell(trial_of(*only, 0, 5));
  EXPECT_FALSE(strategy->ask());
  EXPECT_TRUE(noted.empty());
}

}  // namespace
}  // namespace keel::search
