#include "tests/tuner/search/synthetic_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/random.h"

namespace keel::search {

Space random_space(std::uint64_t seed, std::size_t units) {
  Rng rng(seed);
  Space space;
  for (std::size_t u = 0; u < units; ++u) {
    Unit unit;
    unit.kept_us = 2 + 20 * rng.uniform() * rng.uniform();
    unit.lowered_us = unit.kept_us * (0.4 + 0.65 * rng.uniform());
    unit.nodes = 1 + static_cast<int>(rng.below(4));
    unit.suspect = rng.below(10) == 0;
    space.units.push_back(unit);
  }
  const auto cast_us = [&] { return 0.3 + 2 * rng.uniform(); };
  space.tensors.push_back({std::nullopt, {0}, false, cast_us(), cast_us()});
  for (UnitIndex u = 0; u < units; ++u) {
    TensorLink tensor{u, {}, u + 1 == units, cast_us(), cast_us()};
    if (u + 1 < units) tensor.consumers.push_back(u + 1);
    for (UnitIndex later = u + 2; later < std::min<std::size_t>(u + 5, units); ++later)
      if (rng.below(4) == 0) tensor.consumers.push_back(later);
    if (rng.below(12) == 0) tensor.is_output = true;
    space.tensors.push_back(std::move(tensor));
    if (u + 1 < units && rng.below(3) == 0)
      space.adjacent.push_back({u, u + 1, 1.5 * rng.uniform()});
  }
  return space;
}

ErrorModel random_error_model(const Space& space, std::uint64_t seed) {
  Rng rng(seed ^ 0x5eed);
  ErrorModel model;
  for (const Unit& unit : space.units)
    model.unit.push_back(unit.state == UnitState::Free ? std::pow(10, -8 + 4 * rng.uniform())
                                                       : 0.0);
  for (std::size_t t = 0; t < space.tensors.size(); ++t)
    model.tensor.push_back(rng.below(3) == 0 ? std::pow(10, -8 + 3 * rng.uniform()) : 0.0);
  return model;
}

SyntheticModel random_model(std::uint64_t seed, std::size_t units) {
  SyntheticModel model;
  model.space = random_space(seed, units);
  model.truth = random_error_model(model.space, seed);
  Rng rng(seed ^ 0x7207);
  for (std::size_t i = 0; i < units; ++i) {
    const auto first = static_cast<UnitIndex>(rng.below(units));
    const auto second = static_cast<UnitIndex>(rng.below(units));
    if (first != second) model.interactions.push_back({first, second, 1.2 * rng.uniform() - 0.6});
  }
  model.is_cliff.assign(units, 0);
  model.is_non_finite.assign(units, 0);
  for (int i = 0; i < 2; ++i) {
    const std::size_t cliff = rng.below(units);
    model.is_cliff[cliff] = 1;
    model.is_non_finite[cliff] = static_cast<std::uint8_t>(i);
    model.space.units[cliff].suspect = true;
  }
  for (std::size_t u = 0; u < units; ++u)
    model.hidden_us.push_back(0.05 * (2 * rng.uniform() - 1) * model.space.units[u].kept_us);

  double sum = 0;
  for (const double theta : model.truth.unit) sum += theta;
  model.error_bound = std::sqrt(sum * (0.05 + 0.4 * rng.uniform()));
  return model;
}

Outcome SyntheticModel::measure(const Assignment& x) const {
  Outcome outcome;
  outcome.latency_us = predicted_latency_us(space, x);
  outcome.casts = predicted_casts(space, x);
  double squared = predicted_squared_error(space, truth, x);
  for (UnitIndex u = 0; u < x.size(); ++u) {
    if (x[u] == 0) continue;
    outcome.latency_us += hidden_us[u];
    if (is_cliff[u] == 0) continue;
    squared += 0.5;
    if (is_non_finite[u] != 0) outcome.state = TrialState::NonFinite;
  }
  for (const Interaction& pair : interactions)
    if (x[pair.first] != 0 && x[pair.second] != 0)
      squared += pair.strength * std::min(truth.unit[pair.first], truth.unit[pair.second]);
  outcome.squared_error = squared / (1 + squared);
  outcome.violation = std::sqrt(outcome.squared_error) / error_bound - 1;
  if (outcome.state == TrialState::NonFinite) {
    outcome.squared_error = std::numeric_limits<double>::quiet_NaN();
    outcome.violation = std::numeric_limits<double>::infinity();
  }
  return outcome;
}

std::vector<Assignment> every_assignment(const Space& space) {
  std::vector<UnitIndex> free_units;
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free) free_units.push_back(u);
  std::vector<Assignment> all;
  for (std::uint32_t bits = 0; bits < (1u << free_units.size()); ++bits) {
    Assignment x = all_kept(space);
    for (std::size_t i = 0; i < free_units.size(); ++i)
      x[free_units[i]] = static_cast<std::uint8_t>((bits >> i) & 1u);
    all.push_back(std::move(x));
  }
  return all;
}

}  // namespace keel::search
