#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tuner/search/gaussian_process.h"
#include "tuner/search/model_state.h"
#include "tuner/search/similarity.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// Latency of assignments: the scaled times of a space, and a Gaussian process on what they get
/// wrong, which are merged kernels and casts that depend on more than two units.
///
/// What two assignments have in common of that is the share of units with the same bit, and the
/// share of units with the same surroundings; how much of each maximises the likelihood.
class LatencyProcess {
 public:
  using Value = GaussianProcess::Value;  ///< in microseconds

  LatencyProcess(const Space& space, const std::vector<Trial>& trials);

  /// What is expected of each. With too many units to compare surroundings, or none measured, the
  /// calibrated times, as if they were sure.
  std::vector<Value> at(std::span<const ModelPoint> points) const;

  /// Of the latency of what has nothing in common with any trial.
  double deviation_us() const { return process_ ? process_->deviation() : 0; }

 private:
  using Codes = SharedSurroundings::Codes;

  double similarity(double alone, const Codes& a, const Codes& b) const;
  std::vector<double> similarities(double alone, std::size_t count) const;

  Space space_;
  SharedSurroundings shared_;
  double alone_ = 0;  ///< weight of the share of units with the same bit
  std::vector<Codes> points_;
  std::optional<GaussianProcess> process_;
};

}  // namespace keel::search
