#pragma once

#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// log10 of the relative error, floored at 1e-7: below that, fp32 itself is noise.
double log_error(double squared_error);

/// A point of the front: both coordinates are better when smaller.
struct FrontPoint {
  double log_error;
  double latency_us;
};

/// The area that at least one point dominates, up to the reference, in decades x microseconds.
class Hypervolume {
 public:
  Hypervolume(FrontPoint reference, const std::vector<FrontPoint>& points);

  double value() const { return value_; }

  /// How much `point` would add.
  double gain(FrontPoint point) const;

  void add(FrontPoint point);

 private:
  FrontPoint reference_;
  std::vector<FrontPoint> front_;  ///< non-dominated, inside the reference, fastest first
  double value_ = 0;
};

/// The corner that volumes are measured from: the error of all lowered where finite, else 1; 1.02
/// times the slowest anchor. Anchors not told yet count with the space's own prediction.
FrontPoint reference_point(const Space& space, const std::vector<Trial>& trials);

}  // namespace keel::search
