#include "tuner/search/predicted_front.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "compiler/base/random.h"
#include "tests/tuner/search/vector_model.h"
#include "tuner/search/additive_cut.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/local_search.h"

namespace keel::search {
namespace {

/// What the additive model expects to be the front.
std::vector<ModelPoint> additive_front(const Surrogate& surrogate) {
  return model_front(surrogate.space(), surrogate.error_model(),
                     {all_kept(surrogate.space()), all_lowered(surrogate.space())}, {});
}

// Units of equal time, of which 1 and 4 add large errors that cancel: no sum of squares lowers both
// of them before all others.
VectorModel cancelling_pair() {
  constexpr UnitIndex kUnits = 16;
  VectorModel model;
  model.kept.assign(kUnits, 1e-5);
  for (UnitIndex u = 0; u < kUnits; ++u) {
    model.space.units.push_back({.kept_us = 2, .lowered_us = 1});
    model.adds.emplace_back(kUnits, 0.0);
    model.adds[u][u] = 4e-3 * (1 + 0.1 * u);
  }
  model.space.tensors.push_back({1, {4}});  // without a cost
  model.adds[1].assign(kUnits, 4e-3);
  model.adds[4].assign(kUnits, -4e-3);
  return model;
}

TEST(PredictedFront, FindsWhatCancels) {
  const VectorModel model = cancelling_pair();
  std::vector<Trial> trials = model.probed();
  Rng rng(1);
  for (int i = 0; i < 24; ++i) {  // that errors add shows without the two together
    Assignment x(model.space.units.size());
    for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
    if (x[1] != 0) x[4] = 0;
    trials.push_back({trials.size(), x, Phase::Fill, model.measure(x)});
  }
  const Surrogate surrogate(model.space, trials);
  const Assignment pair = lowered_alone(model.space, {1, 4});
  const auto holds = [&](const std::vector<ModelPoint>& points) {
    return std::ranges::find(points, pair, &ModelPoint::assignment) != points.end();
  };
  const std::vector<ModelPoint> additive = additive_front(surrogate);
  EXPECT_FALSE(holds(additive));
  EXPECT_TRUE(holds(predicted_front(surrogate, trials, additive, 64)));
}

TEST(PredictedFront, GivesNothingTwiceAndNoMoreThanAskedFor) {
  const VectorModel model = random_vector_model(2, 24);
  const std::vector<Trial> trials = model.probed();
  const Surrogate surrogate(model.space, trials);
  const std::vector<ModelPoint> additive = additive_front(surrogate);
  std::set<Assignment> seen;
  for (const ModelPoint& point : additive) seen.insert(point.assignment);
  for (const Trial& trial : front(trials)) seen.insert(trial.assignment);
  const std::vector<ModelPoint> many = predicted_front(surrogate, trials, additive, 200);
  EXPECT_GT(many.size(), 20);
  for (const ModelPoint& point : many) {
    EXPECT_TRUE(seen.insert(point.assignment).second);
    const ModelPoint fresh =
        model_point(surrogate.space(), surrogate.error_model(), point.assignment);
    EXPECT_NEAR(point.latency_us, fresh.latency_us, 1e-9);
    EXPECT_EQ(point.casts, fresh.casts);
  }
  const std::vector<ModelPoint> few = predicted_front(surrogate, trials, additive, 5);
  ASSERT_EQ(few.size(), 5);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(few[i].assignment, many[i].assignment);
}

TEST(PredictedFront, KeepsPinnedUnits) {
  VectorModel model = random_vector_model(3, 24);
  model.space.units[7].state = UnitState::Kept;
  const std::vector<Trial> trials = model.probed();
  const Surrogate surrogate(model.space, trials);
  for (const ModelPoint& point : predicted_front(surrogate, trials, additive_front(surrogate), 200))
    EXPECT_EQ(point.assignment[7], 0);
}

// Volume of the front after a search of 40 trials more than units.
double volume_of(const VectorModel& model, bool has_sketch) {
  StrategyOptions options;
  options.max_trials = model.space.units.size() + 40;
  const std::unique_ptr<Strategy> strategy = make_additive_cut(model.space, options);
  std::vector<Trial> trials;
  while (const std::optional<Proposal> proposal = strategy->ask()) {
    trials.push_back({trials.size(), proposal->assignment, proposal->phase,
                      model.measure(proposal->assignment, has_sketch)});
    strategy->tell(trials.back());
  }
  Hypervolume volume(reference_point(model.space, trials), {});
  for (const Trial& trial : front(trials))
    volume.add({log_error(trial.outcome.squared_error), trial.outcome.latency_us});
  return volume.value();
}

TEST(PredictedFront, LeadsTheSearchFurtherThanSumsOfSquaresDo) {
  double with = 0, without = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const VectorModel model = random_vector_model(seed, 30);
    with += volume_of(model, true);
    without += volume_of(model, false);
  }
  EXPECT_GT(with, 1.073 * without);  // 1.068 if only predictions were by vectors
}

}  // namespace
}  // namespace keel::search
