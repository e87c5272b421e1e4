#include "tuner/search/surrogate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"
#include "tests/tuner/search/vector_model.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

constexpr std::size_t kDimensions = 24;

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

// Trials of a model whose errors add as vectors; or as squares, each rounding another in every
// assignment.
std::vector<Trial> trials_of(const VectorModel& model, bool is_random) {
  Rng rng(5);
  std::vector<Trial> trials = model.probed();
  for (int i = 0; i < 30; ++i) {
    const Assignment x = draw(rng);
    trials.push_back({trials.size(), x, Phase::Fill, model.measure(x)});
  }
  if (!is_random) return trials;
  for (Trial& trial : trials) {
    std::vector<float> error(kDimensions);
    for (std::size_t u = 0; u <= trial.assignment.size(); ++u) {
      if (u < trial.assignment.size() && trial.assignment[u] == 0) continue;
      const double length = 1e-3 * static_cast<double>(1 + u % 5);
      for (float& value : error) value += static_cast<float>(length * (2 * rng.uniform() - 1));
    }
    trial.outcome.squared_error = 0;
    for (const float value : error) trial.outcome.squared_error += value * value;
    trial.outcome.error_sketch = std::make_shared<const std::vector<float>>(std::move(error));
  }
  return trials;
}

TEST(Surrogate, TakesErrorsAsVectorsWhereThatExplainsThem) {
  int by_vectors = 0, by_sums = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const VectorModel model = random_vector_model(seed, 14);
    by_vectors += Surrogate(model.space, trials_of(model, false)).error_vectors() ? 1 : 0;
    by_sums += Surrogate(model.space, trials_of(model, true)).error_vectors() ? 0 : 1;
  }
  EXPECT_EQ(by_vectors, 8);
  EXPECT_GE(by_sums, 6);
}

TEST(Surrogate, PredictsByVectorsWhereTheyAreThere) {
  const VectorModel model = random_vector_model(1, 14);
  const std::vector<Trial> trials = trials_of(model, false);
  const Surrogate surrogate(model.space, trials);
  Rng rng(77);
  double miss = 0, miss_of_sums = 0;
  for (int i = 0; i < 40; ++i) {
    const std::vector points{model_point(surrogate.space(), surrogate.error_model(), draw(rng))};
    const double truth = log_error(model.measure(points[0].assignment).squared_error);
    miss += std::abs(truth - surrogate.predict(points)[0].log_error);
    miss_of_sums += std::abs(truth - log_error(points[0].squared_error));
  }
  EXPECT_LT(miss, 0.3 * miss_of_sums);
}

}  // namespace
}  // namespace keel::search
