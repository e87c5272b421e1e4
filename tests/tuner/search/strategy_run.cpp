#include "tests/tuner/search/strategy_run.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/random.h"

namespace keel::search {

std::vector<Trial> run_to_the_end(const std::unique_ptr<Strategy>& strategy,
                                  const SyntheticModel& model) {
  std::vector<Trial> trials;
  while (std::optional<Proposal> proposal = strategy->ask()) {
    trials.push_back({trials.size(), proposal->assignment, proposal->phase,
                      model.measure(proposal->assignment)});
    strategy->tell(trials.back());
  }
  return trials;
}

double fastest_feasible_us(const std::vector<Trial>& trials) {
  double fastest_us = std::numeric_limits<double>::infinity();
  for (const Trial& trial : trials)
    if (trial.outcome.state == TrialState::Complete && trial.outcome.violation <= 0)
      fastest_us = std::min(fastest_us, trial.outcome.latency_us);
  return fastest_us;
}

Goal least_error(const SyntheticModel& model) {
  return {Aim::Error,
          (model.measure(all_kept(model.space)).latency_us +
           model.measure(all_lowered(model.space)).latency_us) /
              2,
          {}};
}

SyntheticModel plain_model(std::vector<double> squared_errors, double error_bound) {
  SyntheticModel model;
  for (std::size_t u = 0; u < squared_errors.size(); ++u)
    model.space.units.push_back({.kept_us = 2, .lowered_us = 1});
  model.truth.unit = std::move(squared_errors);
  model.is_cliff.assign(model.space.units.size(), 0);
  model.is_non_finite.assign(model.space.units.size(), 0);
  model.hidden_us.assign(model.space.units.size(), 0);
  model.error_bound = error_bound;
  return model;
}

SyntheticModel unlucky_when_kept() {
  Rng rng(4);
  std::vector<double> squared_errors(40);
  for (double& each : squared_errors) each = std::pow(10, -9 + 3 * rng.uniform());
  SyntheticModel model = plain_model(squared_errors, 1e-2);
  model.truth.base = 1e-5;
  model.truth.unit[2] = -0.97e-5;
  for (Unit& unit : model.space.units) unit.lowered_us = 1 + 0.5 * rng.uniform();
  return model;
}

}  // namespace keel::search
