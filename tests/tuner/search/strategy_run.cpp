#include "tests/tuner/search/strategy_run.h"

#include <algorithm>
#include <limits>

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

}  // namespace keel::search
