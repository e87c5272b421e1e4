#pragma once

#include <vector>

#include "profiler/calibration/cross_validation.h"
#include "profiler/calibration/network_cases.h"

namespace keel::calibration {

/// Whole networks say how far a sum of kernels is off, not how far each kernel is: every class gets
/// the same quantiles, and all errors of a class are in common. They are chosen so that the
/// interval of a program (simulator::interval_of) holds nine of ten networks that were left out:
/// 5 % and 95 % quantile of (measured / predicted - 1) over the root of the squared shares of its
/// classes.
std::vector<ascend::TimingError> network_errors(const ascend::Soc& soc,
                                                const std::vector<MeasuredNetwork>& networks,
                                                const CrossValidation& validation);

/// Share of the networks inside the intervals that the other models give.
double network_coverage(const ascend::Soc& soc, const std::vector<MeasuredNetwork>& networks,
                        const CrossValidation& validation);

}  // namespace keel::calibration
