#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "profiler/calibration/measured_case.h"

namespace keel::calibration {

/// A parameter of the timing model that the fit may move, in its logarithm.
struct FittedParameter {
  std::string_view name;  ///< of its field in ascend::TimingParameters
  double ascend::TimingParameters::*field;
  double prior;  ///< what data sheets, instruction timing or single measurements say
  double width;  ///< how far the logarithm may go from that of the prior before it costs
  double most;   ///< largest value: 1 of a share
  std::string_view unit;
};
std::span<const FittedParameter> fitted_parameters();

/// What is fitted on: cases[i] where used[i].
struct Training {
  const std::vector<MeasuredCase>& cases;
  std::vector<bool> used;
};

/// The parameters that predict the used cases best, and the correction of each of their
/// signatures: first the shared parameters by least squares of logarithms, robust against
/// outliers, each group weighing as the root of its cases, pulled towards the priors; then one
/// factor a signature, pulled towards 1 by kCorrectionPull cases that say so.
///
/// \param soc  its own numbers; its timing is where the search starts
ascend::TimingParameters fit(const ascend::Soc& soc, const Training& training);

/// Cases' worth of a correction of 1, which keeps signatures of few cases near the shared model.
constexpr double kCorrectionPull = 1.5;

}  // namespace keel::calibration
