#pragma once

#include <vector>

#include "profiler/calibration/measured_case.h"
#include "profiler/calibration/priors.h"

namespace keel::calibration {

/// What is fitted on: cases[i] where used[i].
struct Training {
  const std::vector<MeasuredCase>& cases;
  std::vector<bool> used;
  Fitted fitted = Fitted::Operators910B2;  ///< which priors hold
};

/// The parameters that predict the used cases best, and the correction of each of their
/// signatures: first the shared parameters by least squares of logarithms, robust against
/// outliers, each group of operators weighing as the root of its cases and each row of networks
/// alike, pulled towards the priors; then, of operators, one factor a signature, pulled towards 1
/// by kCorrectionPull cases that say so. Of networks none: with such factors they fit better, and
/// models left out worse.
///
/// \param soc  its own numbers; its timing is where the search starts
ascend::TimingParameters fit(const ascend::Soc& soc, const Training& training);

/// Cases' worth of a correction of 1, which keeps signatures of few cases near the shared model.
constexpr double kCorrectionPull = 1.5;

}  // namespace keel::calibration
