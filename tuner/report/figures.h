#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tuner/report/result.h"

namespace keel::report {

/// \pre trials.size() > number
const study::TrialRecord& trial(const TuneResult& result, std::uint64_t number);

/// Place of the metric in accuracy::metrics(), and so in every MetricValues.
std::size_t metric_index(const accuracy::Metric& metric);

/// NaN where `values` is empty.
double figure(const study::MetricValues& values, const accuracy::Metric& metric);

/// Whether the trial meets the requirement on the validation samples; false where it has no
/// figures.
bool is_met(const accuracy::Requirement& requirement, const study::MetricValues& values);

/// Latency of all kept over that of the trial; NaN where either has none.
double speed_up(const TuneResult& result, const study::TrialRecord& record);

/// Whether the recommendation is faster than all kept by more than predicted times can be off.
/// \pre result.recommended
bool lowering_pays(const TuneResult& result);

/// The fewest digits that read back as the same number; "inf", "-inf", "nan".
std::string shortest(double value);

}  // namespace keel::report
