#pragma once

#include <vector>

#include "tuner/search/error_model.h"
#include "tuner/search/model_state.h"
#include "tuner/search/residual_process.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// What the model expects of an assignment before it is evaluated.
struct Prediction {
  double latency_us;
  double log_error;  ///< see hypervolume.h
  double deviation;  ///< of log_error, in decades
};

/// Everything learned from the told trials: calibrated times, the error model, and a process on the
/// log residual of the error model.
class Surrogate {
 public:
  /// \param space  pinned units are Kept
  Surrogate(const Space& space, const std::vector<Trial>& trials);

  /// The space with calibrated times; cuts and local search work on it.
  const Space& space() const { return space_; }
  const ErrorModel& error_model() const { return error_model_; }

  Prediction predict(const ModelPoint& point) const;

 private:
  Space space_;
  ErrorModel error_model_;
  ResidualProcess residuals_;
};

}  // namespace keel::search
