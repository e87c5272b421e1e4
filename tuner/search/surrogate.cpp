#include "tuner/search/surrogate.h"

#include "tuner/search/hypervolume.h"
#include "tuner/search/latency_model.h"
#include "tuner/search/probing.h"

namespace keel::search {
namespace {

// Probes are left out: they define the additive model, and their zero residuals would make the
// process believe in it everywhere. Of too many trials the last count: they lie nearest the front.
ResidualProcess fit_residuals(const Space& space, const ErrorModel& model,
                              const std::vector<Trial>& trials) {
  std::vector<Assignment> assignments;
  std::vector<double> residuals;
  for (auto trial = trials.rbegin(); trial != trials.rend(); ++trial) {
    if (assignments.size() == GaussianProcess::kMaxPoints) break;
    if (trial->phase == Phase::Probe || !is_fit_for_model(space, *trial)) continue;
    assignments.push_back(trial->assignment);
    residuals.push_back(log_error(trial->outcome.squared_error) -
                        log_error(predicted_squared_error(space, model, trial->assignment)));
  }
  return {assignments, residuals, SharedError(space, model)};
}

}  // namespace

Surrogate::Surrogate(const Space& space, const std::vector<Trial>& trials)
    : scaled_(with_probing_scaled(space, trials)),
      space_(calibrated(space, trials)),
      error_model_(fit_error_model(space, scaled_)),
      latencies_(space, trials),
      residuals_(fit_residuals(space, error_model_, scaled_)) {}

Prediction Surrogate::predict(const ModelPoint& point) const {
  const ResidualProcess::Value residual = residuals_.at(point.assignment);
  const LatencyProcess::Value latency = latencies_.at(point.assignment);
  return {latency.mean, log_error(point.squared_error) + residual.mean, residual.deviation,
          latency.deviation};
}

}  // namespace keel::search
