#include "tuner/search/latency_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

Assignment draw(Rng& rng, std::size_t units) {
  Assignment x(units);
  for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
  return x;
}

Trial measured(Assignment x, double latency_us) {
  return {0, std::move(x), Phase::Fill, {TrialState::Complete, latency_us, 0, 0}};
}

TEST(LatencyModel, FindsScaleAndOffset) {
  Rng rng(2);
  const Space space = random_space(2, 12);
  std::vector<Trial> trials;
  for (int i = 0; i < 20; ++i) {
    const Assignment x = draw(rng, 12);
    trials.push_back(measured(x, 1.3 * predicted_latency_us(space, x) + 40));
  }
  const Space fitted = calibrated(space, trials);
  for (int i = 0; i < 20; ++i) {
    const Assignment x = draw(rng, 12);
    EXPECT_NEAR(predicted_latency_us(fitted, x), 1.3 * predicted_latency_us(space, x) + 40, 1e-6);
  }
}

TEST(LatencyModel, LearnsWhatTheSpaceDoesNotKnowOfAUnit) {
  Rng rng(2);
  const SyntheticModel model = random_model(3, 12);
  const auto largest_error = [&](const Space& space) {
    Rng fresh(77);
    double largest = 0;
    for (int i = 0; i < 50; ++i) {
      const Assignment x = draw(fresh, 12);
      largest =
          std::max(largest, std::abs(predicted_latency_us(space, x) - model.measure(x).latency_us));
    }
    return largest;
  };
  std::vector<Trial> trials;
  for (int i = 0; i < 60; ++i) {
    const Assignment x = draw(rng, 12);
    trials.push_back(measured(x, model.measure(x).latency_us));
  }
  EXPECT_LT(largest_error(calibrated(model.space, trials)), 0.3 * largest_error(model.space));
}

TEST(LatencyModel, LeavesTheSpaceAloneWithoutMeasurements) {
  const Space space = random_space(2, 5);
  Trial failed = measured(all_kept(space), 1e6);
  failed.outcome.state = TrialState::Failed;
  EXPECT_EQ(predicted_latency_us(calibrated(space, {failed}), all_kept(space)),
            predicted_latency_us(space, all_kept(space)));
}

}  // namespace
}  // namespace keel::search
