#pragma once

#include "profiler/calibration/network_errors.h"

namespace keel::calibration {

/// What a fit on whole networks finds.
struct NetworkCalibration {
  ascend::Soc soc;  ///< with the fitted timing, as its file gives it back
  std::vector<MeasuredNetwork> networks;
  std::vector<LeftOutRow> left_out;  ///< of the published ones, for the report
  CrossValidation validation;
  double coverage = 0;  ///< of intervals of nominally 90 %, each model left out
};

/// Fits the timing model of `soc` on networks and validates it on models left out whole.
NetworkCalibration calibrate_networks(const ascend::Soc& soc,
                                      std::vector<MeasuredNetwork> networks);

/// The part of ACCURACY.md on networks: errors by family beside those of a plain roofline, and
/// every row.
std::string network_report(const NetworkCalibration& calibration);

}  // namespace keel::calibration
