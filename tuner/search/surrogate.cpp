#include "tuner/search/surrogate.h"

#include "tuner/search/hypervolume.h"
#include "tuner/search/latency_model.h"
#include "tuner/search/probing.h"

namespace keel::search {
namespace {

// Of the error model probes are left out: they define it, and their zero residuals would make the
// process believe in it everywhere. Of too many trials the last count: they lie nearest the front.
ResidualProcess fit_residuals(const Space& space, const ErrorModel& model,
                              const std::optional<ErrorVectors>& vectors,
                              const std::vector<Trial>& trials) {
  std::vector<Assignment> assignments;
  std::vector<double> residuals;
  if (vectors) {
    for (const ErrorVectors::Miss& miss : vectors->misses()) {
      assignments.push_back(miss.trial->assignment);
      residuals.push_back(miss.decades);
    }
    return {assignments, residuals, SharedError(space, model)};
  }
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
      error_vectors_(ErrorVectors::fit(space, scaled_)),
      latencies_(space, trials),
      residuals_(fit_residuals(space, error_model_, error_vectors_, scaled_)) {}

std::vector<Prediction> Surrogate::predict(std::span<const ModelPoint> points) const {
  std::vector<double> squared_errors;
  if (error_vectors_)
    squared_errors = error_vectors_->squared_errors(points);
  else
    for (const ModelPoint& point : points) squared_errors.push_back(point.squared_error);

  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const ResidualProcess::Value residual = residuals_.at(points[i].assignment);
    const LatencyProcess::Value latency = latencies_.at(points[i].assignment);
    predictions.push_back({latency.mean, log_error(squared_errors[i]) + residual.mean,
                           residual.deviation, latency.deviation});
  }
  return predictions;
}

}  // namespace keel::search
