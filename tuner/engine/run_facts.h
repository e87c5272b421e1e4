#pragma once

#include <string>

#include "compiler/program/result_memo.h"
#include "tuner/engine/evaluation_times.h"
#include "tuner/report/report.h"

namespace keel::engine {

/// "2026-01-31T23:59:59Z".
std::string utc_now();

/// Empty where it cannot be told.
std::string host_name();

/// What trials of each phase took, and what shared results spared.
void note_evaluations(const EvaluationTimes& times, const program::ResultMemo::Counts& cache,
                      report::RunFacts& facts);

}  // namespace keel::engine
