#include "profiler/calibration/network_calibration.h"

#include "profiler/calibration/timing_file.h"

namespace keel::calibration {

NetworkCalibration calibrate_networks(const ascend::Soc& soc,
                                      std::vector<MeasuredNetwork> networks) {
  NetworkCalibration result;
  result.soc = soc;
  result.networks = std::move(networks);
  std::vector<MeasuredCase> cases;
  std::vector<double> measured;
  for (const MeasuredNetwork& one : result.networks) {
    cases.push_back(one.measured);
    measured.push_back(one.measured.measured_us);
  }
  const Training all{cases, std::vector<bool>(cases.size(), true), Fitted::Networks310P3};
  result.soc.timing = rounded(fit(soc, all));
  result.validation = cross_validate(soc, cases, Fitted::Networks310P3);
  result.soc.timing.errors = network_errors(result.soc, result.networks, result.validation);
  result.soc.timing.relative_error = accuracy(result.validation.by_group, measured).mean;
  result.coverage = network_coverage(result.soc, result.networks, result.validation);
  return result;
}

}  // namespace keel::calibration
