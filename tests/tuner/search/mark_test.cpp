#include "tuner/search/mark.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tuner/search/strategy_run.h"

namespace keel::search {
namespace {

// Of 16 units the fifth and the twelfth make nearly all of the error, the twelfth too much alone.
SyntheticModel two_sensitive_units() {
  std::vector<double> errors(16, 1e-12);
  errors[4] = 1e-6;
  errors[11] = 1e-4;
  return plain_model(errors, 5e-3);
}

Assignment kept_range(std::size_t first, std::size_t last) {
  Assignment x(16, 1);
  std::fill(x.begin() + static_cast<std::ptrdiff_t>(first),
            x.begin() + static_cast<std::ptrdiff_t>(last), 0);
  return x;
}

TEST(Mark, BisectsForTheFewestFirstUnitsThenForTheFewestLast) {
  const SyntheticModel model = two_sensitive_units();
  const std::vector<Trial> trials = run_to_the_end(make_mark(model.space, {0, 1000}), model);
  const std::vector<Assignment> expected = {
      kept_range(0, 8),  kept_range(0, 12),  kept_range(0, 10),  kept_range(0, 11),
      kept_range(8, 16), kept_range(12, 16), kept_range(10, 16), kept_range(11, 16)};
  ASSERT_GT(trials.size(), 10U);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(trials[i + 2].assignment, expected[i]) << "trial " << i + 2;
}

TEST(Mark, GoesOnUntilEveryNumberOfFirstAndLastUnitsWasTried) {
  const SyntheticModel model = two_sensitive_units();
  const std::vector<Trial> trials = run_to_the_end(make_mark(model.space, {0, 1000}), model);
  EXPECT_EQ(trials.size(), 2 * 16U);
  for (std::size_t kept = 1; kept < 16; ++kept)
    for (const Assignment& x : {kept_range(0, kept), kept_range(16 - kept, 16)})
      EXPECT_TRUE(std::ranges::any_of(trials, [&](const Trial& t) { return t.assignment == x; }));
}

TEST(Mark, DoesNotBisectWhereNothingOrEverythingMeetsTheRequirements) {
  for (const double bound : {1e-9, 1.0}) {
    SyntheticModel model = two_sensitive_units();
    model.truth.base = 1e-14;
    model.error_bound = bound;
    const std::vector<Trial> trials = run_to_the_end(make_mark(model.space, {0, 1000}), model);
    EXPECT_EQ(trials[2].assignment, kept_range(0, 8));
    EXPECT_EQ(trials[3].assignment, kept_range(8, 16));
  }
}

TEST(Mark, KeepsWhatFollowsAKeptUnit) {
  SyntheticModel model = two_sensitive_units();
  model.space.units[15].follows = 0;
  const std::vector<Trial> trials = run_to_the_end(make_mark(model.space, {0, 1000}), model);
  for (const Trial& trial : trials) EXPECT_LE(trial.assignment[15], trial.assignment[0]);
}

}  // namespace
}  // namespace keel::search
