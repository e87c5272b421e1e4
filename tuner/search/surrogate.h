#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tuner/search/error_model.h"
#include "tuner/search/error_vectors.h"
#include "tuner/search/inert_units.h"
#include "tuner/search/latency_process.h"
#include "tuner/search/model_state.h"
#include "tuner/search/residual_process.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// What the model expects of an assignment before it is evaluated.
struct Prediction {
  double latency_us;
  double log_error;  ///< see hypervolume.h
  double deviation;  ///< of log_error, in decades
  double latency_deviation_us = 0;
};

/// Everything learned from the told trials: calibrated times, the error model, errors as vectors,
/// and a process on what is left of each.
class Surrogate {
 public:
  /// What is asked of it. Fitting what predicts takes most of the time.
  enum class Use { Predictions, ModelsAlone };

  /// \param space  pinned units are Kept
  Surrogate(const Space& space, const std::vector<Trial>& trials, Use use = Use::Predictions);

  /// The space with calibrated times; cuts and local search work on it.
  const Space& space() const { return space_; }
  const ErrorModel& error_model() const { return error_model_; }

  /// Of the latency of what has nothing in common with any trial. \pre Use::Predictions
  double latency_deviation_us() const { return latencies_->deviation_us(); }

  /// What errors are as vectors; empty where too few trials have any, or the error model explains
  /// them better. Errors are predicted by it where it is there, else by the error model.
  const std::optional<ErrorVectors>& error_vectors() const { return error_vectors_; }

  /// What differs from a told trial in these alone has the error of that. \pre Use::Predictions
  const InertUnits& inert_units() const { return *inert_units_; }

  /// One each. \pre Use::Predictions
  std::vector<Prediction> predict(std::span<const ModelPoint> points) const;

  /// The told trials, with squared errors estimated of Partial ones: see with_probing_scaled().
  const std::vector<Trial>& trials() const { return scaled_; }

 private:
  void choose_by_misses();

  std::vector<Trial> scaled_;
  Space space_;
  ErrorModel error_model_;
  std::optional<ErrorVectors> error_vectors_;
  std::optional<LatencyProcess> latencies_;
  std::optional<ResidualProcess> residuals_;
  std::optional<InertUnits> inert_units_;
};

}  // namespace keel::search
