#pragma once

#include <optional>
#include <vector>

#include "tuner/search/goal.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// The bounds of a goal, in figures of trials.
class Bounds {
 public:
  /// \param kept_us  latency of all kept; none: a bound on the speed-up cannot be met yet
  Bounds(const Goal& goal, std::optional<double> kept_us);
  Bounds(const Goal& goal, const Space& space, const std::vector<Trial>& trials);

  double latency_us() const { return latency_us_; }  ///< infinite where there is no such bound

  /// Whether a trial of this latency and number of casts keeps within the bounds.
  bool hold(double latency_us, int casts) const;

  /// Largest violation of the requirements and of the bounds, as a ratio: <= 0 where all are met.
  double violation(const Outcome& outcome) const;

 private:
  double latency_us_;
  std::optional<int> max_casts_;
};

}  // namespace keel::search
