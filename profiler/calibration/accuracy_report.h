#pragma once

#include <string>

#include "profiler/calibration/calibration.h"

namespace keel::calibration {

/// ACCURACY.md: errors of times left out by classes and operators beside those of a plain roofline,
/// the pairs of dtypes, the coverage of the intervals, and what the model does not know.
std::string accuracy_report(const Calibration& calibration);

/// accuracy.svg: predicted over measured time of every case whose operator was left out, both axes
/// logarithmic.
std::string scatter_plot(const Calibration& calibration);

}  // namespace keel::calibration
