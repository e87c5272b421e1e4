#include "tuner/search/latency_process.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"
#include "tests/tuner/search/value_at.h"
#include "tuner/search/latency_model.h"

namespace keel::search {
namespace {

constexpr std::size_t kUnits = 12;

// Three neighbours of one bit merge into one kernel, which no pair of them says.
double measured_us(const Space& space, const Assignment& x) {
  double total_us = predicted_latency_us(space, x);
  for (std::size_t u = 0; u + 2 < x.size(); ++u)
    if (x[u] == x[u + 1] && x[u] == x[u + 2]) total_us -= 3;
  return total_us;
}

Trial trial_of(const Space& space, Assignment x) {
  const double us = measured_us(space, x);
  return {0, std::move(x), Phase::Fill, {TrialState::Complete, us, 0, 0}};
}

Assignment draw(Rng& rng) {
  Assignment x(kUnits);
  for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
  return x;
}

TEST(LatencyProcess, LearnsMergesOfThreeBetterThanTimesOfUnits) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Space space = random_space(seed, kUnits);
    Rng rng(seed);
    std::vector<Trial> trials;
    for (int i = 0; i < 120; ++i) trials.push_back(trial_of(space, draw(rng)));
    const LatencyProcess process(space, trials);
    const Space fitted = calibrated(space, trials);
    double squared_miss = 0, squared_miss_of_units = 0;
    int within = 0;
    for (int i = 0; i < 100; ++i) {
      const Assignment x = draw(rng);
      const double us = measured_us(space, x);
      const LatencyProcess::Value expected = value_at(process, x);
      squared_miss += std::pow(expected.mean - us, 2);
      squared_miss_of_units += std::pow(predicted_latency_us(fitted, x) - us, 2);
      within += std::abs(expected.mean - us) <= 2 * expected.deviation ? 1 : 0;
    }
    EXPECT_LT(squared_miss, 0.5 * squared_miss_of_units) << "seed " << seed;
    EXPECT_GE(within, 85) << "seed " << seed;
  }
}

TEST(LatencyProcess, RepeatsWhatWasMeasured) {
  const Space space = random_space(3, kUnits);
  Rng rng(3);
  std::vector<Trial> trials;
  for (int i = 0; i < 30; ++i) trials.push_back(trial_of(space, draw(rng)));
  const LatencyProcess process(space, trials);
  for (const Trial& trial : trials)
    EXPECT_NEAR(value_at(process, trial.assignment).mean, trial.outcome.latency_us, 0.1);
}

TEST(LatencyProcess, LeavesOutTrialsThatDidNotRun) {
  const Space space = random_space(4, kUnits);
  Trial failed = trial_of(space, all_kept(space));
  failed.outcome.state = TrialState::Failed;
  const LatencyProcess process(space, {failed});
  EXPECT_EQ(value_at(process, all_kept(space)).mean, predicted_latency_us(space, all_kept(space)));
  EXPECT_EQ(process.deviation_us(), 0);
}

TEST(LatencyProcess, IsTheCalibratedTimesWhereUnitsAreTooManyToCompare) {
  const Space space = random_space(5, 1100);
  Assignment half = all_kept(space);
  for (std::size_t u = 0; u < half.size(); u += 2) half[u] = 1;
  Assignment third = all_kept(space);
  for (std::size_t u = 0; u < third.size(); u += 3) third[u] = 1;
  const std::vector<Trial> trials{trial_of(space, all_kept(space)),
                                  trial_of(space, all_lowered(space)), trial_of(space, third)};
  const LatencyProcess process(space, trials);
  const double calibrated_us = predicted_latency_us(calibrated(space, trials), half);
  EXPECT_EQ(value_at(process, half).mean, calibrated_us);
  EXPECT_NE(predicted_latency_us(scaled(space, trials), half), calibrated_us);
  EXPECT_EQ(value_at(process, half).deviation, 0);
}

}  // namespace
}  // namespace keel::search
