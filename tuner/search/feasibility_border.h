#pragma once

#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// Where on the error axis the requirements start to be missed, learned from told trials.
///
/// Requirements may use other metrics and other samples than the error; only their order along the
/// error axis is assumed, and how far that fails widens the border.
class FeasibilityBorder {
 public:
  explicit FeasibilityBorder(const std::vector<Trial>& trials);

  /// That an assignment with this expected log error (and its deviation) meets every requirement.
  double probability(double log_error, double deviation) const;

 private:
  double border_;  ///< log10 of an error; infinite when every or no trial is feasible
  double width_;   ///< deviation of the border itself, in decades
};

}  // namespace keel::search
