#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tuner/report/result.h"

namespace keel::report {

/// One line of what the owner demands, and what a trial has to show for it.
struct Demand {
  std::string text;  ///< "max_abs<=0.05", "latency_us<=150"
  std::string name;  ///< "max_abs", "latency_us"
  double value = 0;  ///< on the validation samples, where it is a figure of samples; NaN: none
  /// On the ranking samples, where these are others; NaN where it is not about samples.
  double ranking = std::numeric_limits<double>::quiet_NaN();
  double missed = 0;                  ///< as a ratio, by the worse of both; <= 0: met
  bool is_missed_by_ranking = false;  ///< by more than by what validates
  std::optional<bool> met = {};       ///< none: the check, which was not run
  double lo = std::numeric_limits<double>::quiet_NaN();  ///< ends of its interval, if it has one
  double hi = std::numeric_limits<double>::quiet_NaN();
  /// The same on the hold-out samples; NaN and none where it is not about samples.
  double hold_out = std::numeric_limits<double>::quiet_NaN();
  double hold_out_lo = std::numeric_limits<double>::quiet_NaN();
  double hold_out_hi = std::numeric_limits<double>::quiet_NaN();
  std::optional<bool> hold_out_met = {};
};

/// The requirements in their order, the check among them, then the bounds of the goal. `hold_out`
/// figures are those of the result, so of the recommendation.
std::vector<Demand> demands(const TuneResult& result, const study::TrialRecord& record);

/// Whether a trial is Complete and meets all of them.
bool meets_all(const TuneResult& result, const study::TrialRecord& record);

}  // namespace keel::report
