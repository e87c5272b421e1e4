#pragma once

#include <optional>

#include "tuner/engine/bench.h"
#include "tuner/engine/sample_runner.h"
#include "tuner/search/strategy.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// Runs those samples that a compiled and timed trial is to run on, and scores them: none where it
/// is slower than it may be, few where it probes, a refinement only until it is certain to miss a
/// requirement, or one that is to be verified until it is likely enough to meet them all.
/// \param slowest_us  see search::Proposal
/// \error what running a sample gives
Status run_and_score(const Bench& bench, SampleRunner& runner, search::Samples samples,
                     std::optional<double> slowest_us, study::TrialRecord& record);

}  // namespace keel::engine
