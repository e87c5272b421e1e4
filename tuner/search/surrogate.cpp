#include "tuner/search/surrogate.h"

#include <utility>
#include <vector>

#include "tuner/search/hypervolume.h"
#include "tuner/search/latency_model.h"
#include "tuner/search/probing.h"

namespace keel::search {
namespace {

// By how many decades a trial is more wrong than the error model expects.
double miss_of(const Space& space, const ErrorModel& model, const Trial& trial) {
  return log_error(trial.outcome.squared_error) -
         log_error(predicted_squared_error(space, model, trial.assignment));
}

// Probes are left out: they define the error model, and their zero residuals would make the process
// believe in it everywhere. Of too many trials the last count: they lie nearest the front.
ResidualProcess residuals_of_sums(const Space& space, const ErrorModel& model,
                                  const std::vector<Trial>& trials) {
  std::vector<Assignment> assignments;
  std::vector<double> residuals;
  for (auto trial = trials.rbegin(); trial != trials.rend(); ++trial) {
    if (assignments.size() == GaussianProcess::kMaxPoints) break;
    if (trial->phase == Phase::Probe || !is_fit_for_model(space, *trial)) continue;
    assignments.push_back(trial->assignment);
    residuals.push_back(miss_of(space, model, *trial));
  }
  return {assignments, residuals, SharedError(space, model)};
}

}  // namespace

Surrogate::Surrogate(const Space& space, const std::vector<Trial>& trials, Use use)
    : scaled_(with_probing_scaled(space, trials)),
      space_(calibrated(space, trials)),
      error_model_(fit_error_model(space, scaled_)) {
  if (use == Use::ModelsAlone) return;
  latencies_.emplace(space, trials);
  inert_units_.emplace(space, scaled_);
  error_vectors_ = ErrorVectors::fit(space, scaled_);
  if (error_vectors_) choose_by_misses();
  if (!error_vectors_) residuals_ = residuals_of_sums(space, error_model_, scaled_);
}

// Sums of squares say more where roundings are independent of each other, vectors where they are
// not: what the misses of the same trials are more likely under.
void Surrogate::choose_by_misses() {
  std::vector<Assignment> assignments;
  std::vector<double> of_sums, of_vectors;
  for (const ErrorVectors::Miss& miss : error_vectors_->misses()) {
    assignments.push_back(miss.trial->assignment);
    of_sums.push_back(miss_of(space_, error_model_, *miss.trial));
    of_vectors.push_back(miss.decades);
  }
  const SharedError shared(space_, error_model_);
  ResidualProcess vectors(assignments, of_vectors, shared);
  if (vectors.likelihood() >= ResidualProcess(assignments, of_sums, shared).likelihood())
    residuals_ = std::move(vectors);
  else
    error_vectors_.reset();
}

std::vector<Prediction> Surrogate::predict(std::span<const ModelPoint> points) const {
  std::vector<double> squared_errors;
  if (error_vectors_)
    squared_errors = error_vectors_->squared_errors(points);
  else
    for (const ModelPoint& point : points) squared_errors.push_back(point.squared_error);

  const std::vector<ResidualProcess::Value> residuals = residuals_->at(points);
  const std::vector<LatencyProcess::Value> latencies = latencies_->at(points);
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < points.size(); ++i) {
    Prediction prediction{latencies[i].mean, log_error(squared_errors[i]) + residuals[i].mean,
                          residuals[i].deviation, latencies[i].deviation};
    if (const auto known = inert_units_->squared_error(points[i].assignment)) {
      prediction.log_error = log_error(*known);
      prediction.deviation = 0;
    }
    predictions.push_back(prediction);
  }
  return predictions;
}

}  // namespace keel::search
