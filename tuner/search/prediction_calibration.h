#pragma once

#include <cstddef>

#include "tuner/search/surrogate.h"

namespace keel::search {

/// How far off predictions were, in deviations they claimed: what later ones have to be widened by.
class PredictionCalibration {
 public:
  /// A prediction made before its trial was told. What is not Complete and finite teaches nothing.
  void add(const Prediction& predicted, const Outcome& measured);

  /// `prediction` with deviations as they would have been honest so far; never narrower.
  Prediction widened(Prediction prediction) const;

 private:
  /// Squared misses, each in claimed deviations, over how many there are.
  struct Misses {
    double sum = 0;
    std::size_t count = 0;
    void add(double miss, double deviation);
    double scale() const;
  };

  Misses errors_, latencies_;
};

}  // namespace keel::search
