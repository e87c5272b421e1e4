#pragma once

#include "tuner/search/error_model.h"
#include "tuner/search/space.h"

namespace keel::search {

/// The objective `latency * latency_us(x) + error * squared_error(x)`.
struct Weights {
  double latency = 1;
  double error = 0;
};

double weighted_value(const Space& space, const ErrorModel& model, Weights weights,
                      const Assignment& x);

/// The exact minimiser over the free units: one minimum cut.
///
/// Every term is submodular, so the cut is exact up to rounding the capacities to 2^-58 of their
/// sum. Of equal minimisers it is the one that lowers the fewest units.
///
/// \pre  weights and errors of tensors are not negative and finite; casts and savings are not
///       negative. Unit times and errors of units may have any sign.
/// \par Source  Kolmogorov, Zabih, "What energy functions can be minimized via graph cuts?", 2004
Assignment minimise(const Space& space, const ErrorModel& model, Weights weights);

}  // namespace keel::search
