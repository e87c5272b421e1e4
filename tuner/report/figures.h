#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tuner/report/result.h"

namespace keel::report {

/// \pre trials.size() > number
const study::TrialRecord& trial(const TuneResult& result, std::uint64_t number);

/// By its name in result.figure_names; NaN where `values` is empty or there is no such figure.
double figure(const TuneResult& result, const study::MetricValues& values, std::string_view name);

/// What the search may choose for a kept unit in place of fp32: "hf32" (--search_hf32), "bf16"
/// (--search_bf16); empty where it has no such choice.
std::string_view format_choice(const TuneResult& result);

/// What a unit computes in where the assignment does not lower it and the search has that choice:
/// "fp32" or format_choice(); else empty.
std::string_view kept_format(const TuneResult& result, const search::Assignment& assignment,
                             std::size_t unit);

/// Whether the keep list of an assignment names the nodes of a unit: not what computes in bf16.
bool is_on_list(const TuneResult& result, const search::Assignment& assignment, std::size_t unit);

/// Latency of all kept over that of the trial; NaN where either has none.
double speed_up(const TuneResult& result, const study::TrialRecord& record);

/// Whether the recommendation is faster than all kept by more than predicted times can be off.
/// \pre result.recommended
bool lowering_pays(const TuneResult& result);

/// The fewest digits that read back as the same number; "inf", "-inf", "nan".
std::string shortest(double value);

}  // namespace keel::report
