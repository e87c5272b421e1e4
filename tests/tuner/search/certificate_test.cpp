#include "tuner/search/certificate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/strategies.h"

namespace keel::search {
namespace {

std::vector<Trial> search(const SyntheticModel& model, std::size_t trials) {
  const auto strategy = strategies().front().make(model.space, {0, trials});
  std::vector<Trial> told;
  while (const std::optional<Proposal> next = strategy->ask()) {
    told.push_back({told.size(), next->assignment, next->phase, model.measure(next->assignment)});
    strategy->tell(told.back());
  }
  return told;
}

MeasuredBound measured_bound(const SyntheticModel& model, const std::vector<Trial>& trials) {
  MeasuredBound bound{model.error_bound * model.error_bound, {}};
  for (const Trial& trial : trials) bound.measured.push_back(trial.outcome.squared_error);
  return bound;
}

double least_latency_us(const SyntheticModel& model) {
  double least = std::numeric_limits<double>::infinity();
  for (const Assignment& x : every_assignment(model.space)) {
    const Outcome outcome = model.measure(x);
    if (outcome.state == TrialState::Complete && outcome.violation <= 0)
      least = std::min(least, outcome.latency_us);
  }
  return least;
}

TEST(Certificate, TheTrueOptimumIsNotBelowTheBound) {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const SyntheticModel model = random_model(seed, 12);
    const std::vector<Trial> trials = search(model, 48);
    const std::optional<Trial> best = recommend(model.space, trials);
    ASSERT_TRUE(best && best->outcome.violation <= 0) << "seed " << seed;
    const std::optional<Certificate> found =
        certificate(model.space, trials, *best, measured_bound(model, trials));
    ASSERT_TRUE(found) << "seed " << seed;
    EXPECT_LE(found->bound_us, least_latency_us(model)) << "seed " << seed;
    EXPECT_TRUE(found->is_closed);
    EXPECT_GE(found->gap(), 0);
    EXPECT_LE(found->least_ratio, found->ratio);
    EXPECT_LE(found->ratio, found->largest_ratio);
    EXPECT_GT(found->verified, 2u);
  }
}

TEST(Certificate, TheGapIsSmall) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const SyntheticModel model = random_model(seed, 60);
    const std::vector<Trial> trials = search(model, 150);
    const Trial best = *recommend(model.space, trials);
    sum += certificate(model.space, trials, best, measured_bound(model, trials))->gap();
  }
  EXPECT_LE(sum / 10, 0.03);
}

TEST(Certificate, TakesOffWhatTrialsWereFasterThanPredicted) {
  const SyntheticModel model = random_model(1, 12);
  std::vector<Trial> trials = search(model, 48);
  const Trial best = *recommend(model.space, trials);
  const MeasuredBound bound = measured_bound(model, trials);
  const Certificate before = *certificate(model.space, trials, best, bound);
  for (Trial& trial : trials)
    if (trial.outcome.state == TrialState::Complete && trial.number % 7 == 3)
      trial.outcome.latency_us -= 10;
  const Certificate after = *certificate(model.space, trials, best, bound);
  EXPECT_GT(after.latency_residual_us, before.latency_residual_us + 1);
}

TEST(Certificate, AsksOnlyThatTheMeasuredGrowsWithTheError) {
  const SyntheticModel model = random_model(4, 14);
  const std::vector<Trial> trials = search(model, 56);
  const Trial best = *recommend(model.space, trials);
  MeasuredBound bound = measured_bound(model, trials);
  const Certificate before = *certificate(model.space, trials, best, bound);
  bound.limit *= 16;
  for (double& measured : bound.measured) measured *= 16;
  const Certificate after = *certificate(model.space, trials, best, bound);
  EXPECT_NEAR(after.ratio, 16 * before.ratio, 1e-9 * after.ratio);
  EXPECT_NEAR(after.least_ratio, 16 * before.least_ratio, 1e-9 * after.least_ratio);
  EXPECT_NEAR(after.bound_us, before.bound_us, 1e-9 * before.bound_us);
}

TEST(Certificate, DoesNotCountOnWhatIsPinned) {
  SyntheticModel model = random_model(3, 12);
  for (std::size_t u = 0; u < model.space.units.size(); ++u)
    if (model.is_cliff[u] != 0) {
      model.space.units[u].kept_us = 60;
      model.space.units[u].lowered_us = 1;
    }
  const std::vector<Trial> trials = search(model, 48);
  const Trial best = *recommend(model.space, trials);
  EXPECT_LE(certificate(model.space, trials, best, measured_bound(model, trials))->gap(), 0.1);
}

TEST(Certificate, IsNoneOfATrialThatMissesTheBound) {
  const SyntheticModel model = random_model(1, 12);
  const std::vector<Trial> trials = search(model, 48);
  const Trial best = *recommend(model.space, trials);
  MeasuredBound bound = measured_bound(model, trials);
  bound.measured[best.number] = 1.001 * bound.limit;
  EXPECT_FALSE(certificate(model.space, trials, best, bound));
  bound.measured[best.number] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(certificate(model.space, trials, best, bound));
}

}  // namespace
}  // namespace keel::search
