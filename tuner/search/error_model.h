#pragma once

#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// Squares of relative errors below this are rounding noise of the reference itself.
inline constexpr double kNoiseFloor = 1e-14;

/// Squared relative L2 error as a sum of nearly independent roundings:
///
///     squared_error(x) = base + sum_u unit[u] * x_u + sum_t tensor[t] * [t touches a lowered unit]
///
/// Those of tensors are never negative: with them every minimum cut is exact. Those of units are
/// negative where an operator is rounded more when it is kept: a convolution in HF32 against fp16,
/// which has as many bits. Together they leave a share of the base.
struct ErrorModel {
  double base = 0;             ///< error with every free unit kept
  std::vector<double> unit;    ///< one a unit; 0 where fixed
  std::vector<double> tensor;  ///< one a tensor; the producer or a consumer is lowered
};

double predicted_squared_error(const Space& space, const ErrorModel& model, const Assignment& x);

/// Whether the model may learn from `trial`: run to its end, of finite error, and every fixed unit
/// of `space` at its fixed bit. Give a space whose pinned units are Kept: a cliff stalls the fit
/// otherwise.
bool is_fit_for_model(const Space& space, const Trial& trial);

/// Least squares on relative residuals with a ridge towards the probes, each coefficient 0 or of
/// the sign that its probe has.
///
/// A trial with one lowered unit is that unit's prior; a unit without one gets the median of the
/// others, so that it is neither free nor forbidden. Trials that are not fit are skipped.
ErrorModel fit_error_model(const Space& space, const std::vector<Trial>& trials);

}  // namespace keel::search
