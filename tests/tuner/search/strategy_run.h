#pragma once

#include <memory>
#include <vector>

#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/strategies.h"

namespace keel::search {

/// Every trial of a strategy that is told each before it is asked for the next.
std::vector<Trial> run_to_the_end(const std::unique_ptr<Strategy>& strategy,
                                  const SyntheticModel& model);

/// Of the trials that meet the requirements; infinite where none does.
double fastest_feasible_us(const std::vector<Trial>& trials);

/// The least error at a latency half way between the anchors.
Goal least_error(const SyntheticModel& model);

/// Units of equal cost without casts, whose errors only add up; no cliff.
SyntheticModel plain_model(std::vector<double> squared_errors, double error_bound);

/// 40 of them, of which unit 2 kept has nearly all of the error of all kept.
SyntheticModel unlucky_when_kept();

}  // namespace keel::search
