#include "tuner/search/surrogate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

Assignment draw(Rng& rng) {
  Assignment x(14);
  for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
  return x;
}

TEST(Surrogate, PredictsUnseenAssignmentsWithinItsOwnDeviation) {
  int inside = 0;
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SyntheticModel model = random_model(seed, 14);
    model.is_cliff.assign(14, 0);
    Rng rng(seed);
    std::vector<Trial> trials;
    const auto add = [&](const Assignment& x, Phase phase) {
      trials.push_back({trials.size(), x, phase, model.measure(x)});
    };
    add(all_kept(model.space), Phase::Anchor);
    for (std::size_t u = 0; u < 14; ++u) {
      Assignment probe = all_kept(model.space);
      probe[u] = 1;
      add(probe, Phase::Probe);
    }
    for (int i = 0; i < 15; ++i) add(draw(rng), Phase::Fill);
    const Surrogate surrogate(model.space, trials);
    for (int i = 0; i < 20; ++i) {
      const Assignment x = draw(rng);
      const Outcome truth = model.measure(x);
      const std::vector points{model_point(surrogate.space(), surrogate.error_model(), x)};
      const Prediction prediction = surrogate.predict(points)[0];
      EXPECT_NEAR(prediction.latency_us, truth.latency_us, 0.03 * truth.latency_us);
      const double miss = std::abs(prediction.log_error - log_error(truth.squared_error));
      EXPECT_LT(miss, 0.2);
      inside += miss <= 2 * prediction.deviation ? 1 : 0;
      ++count;
    }
  }
  EXPECT_GE(inside, count * 9 / 10);
}

}  // namespace
}  // namespace keel::search
