#include "tests/tuner/search/vector_model.h"

#include <cmath>
#include <memory>
#include <numeric>

#include "compiler/base/random.h"
#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {

Outcome VectorModel::measure(const Assignment& x, bool has_sketch) const {
  std::vector<double> error = kept;
  const auto add = [&](const std::vector<double>& more) {
    for (std::size_t i = 0; i < error.size(); ++i) error[i] += more[i];
  };
  for (UnitIndex u = 0; u < x.size(); ++u)
    if (x[u] != 0) add(adds[u]);
  for (const Together& pair : together)
    if (x[pair.first] != 0 && x[pair.second] != 0) add(pair.adds);
  Outcome outcome;
  outcome.latency_us = predicted_latency_us(space, x);
  outcome.casts = predicted_casts(space, x);
  outcome.squared_error = std::inner_product(error.begin(), error.end(), error.begin(), 0.0);
  outcome.violation = std::sqrt(outcome.squared_error) / error_bound - 1;
  if (has_sketch)
    outcome.error_sketch = std::make_shared<const std::vector<float>>(error.begin(), error.end());
  return outcome;
}

std::vector<Trial> VectorModel::probed(bool has_sketch) const {
  std::vector<Trial> trials;
  const auto add = [&](const Assignment& x, Phase phase) {
    trials.push_back({trials.size(), x, phase, measure(x, has_sketch)});
  };
  add(all_lowered(space), Phase::Anchor);
  add(all_kept(space), Phase::Anchor);
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free) add(lowered_alone(space, {u}), Phase::Probe);
  return trials;
}

VectorModel random_vector_model(std::uint64_t seed, std::size_t units) {
  constexpr std::size_t kDimensions = 24;
  Rng rng(seed ^ 0xec70);
  const auto direction = [&] {
    std::vector<double> made;
    for (std::size_t i = 0; i < kDimensions; ++i) made.push_back(2 * rng.uniform() - 1);
    return made;
  };
  VectorModel model;
  model.space = random_space(seed, units);
  model.kept = direction();
  const std::vector<double> common = direction();
  for (double& value : model.kept) value *= 1e-3;
  for (std::size_t u = 0; u < units; ++u) {
    const double length = std::pow(10, -4 + 2 * rng.uniform());
    const double along = 2 * rng.uniform() - 1;
    model.adds.push_back(direction());
    for (std::size_t i = 0; i < kDimensions; ++i)
      model.adds[u][i] = length * (along * common[i] + 0.3 * model.adds[u][i]);
  }
  for (std::size_t i = 0; i < units; ++i) {
    VectorModel::Together pair{static_cast<UnitIndex>(rng.below(units)),
                               static_cast<UnitIndex>(rng.below(units)), direction()};
    for (double& value : pair.adds) value *= 2e-4;
    if (pair.first != pair.second) model.together.push_back(std::move(pair));
  }
  model.error_bound = 0.01;
  return model;
}

}  // namespace keel::search
