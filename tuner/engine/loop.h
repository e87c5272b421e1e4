#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "tuner/engine/evaluator.h"
#include "tuner/search/strategy.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// How many trials may be on their way. Fixed, so that ask k happens after exactly trials 0 .. k-L
/// are told whatever the number of threads: the same study from 1 or 100 workers.
constexpr std::size_t kLookAhead = 8;

/// Called after each trial that is told, with those known so far.
using AfterTrial = std::function<void(const study::Study&)>;

/// Proposes, compiles in parallel, evaluates in parallel, measures one at a time, records in the
/// order asked, tells, until the strategy has nothing left, or `stop`.
///
/// Trials the study holds already are not computed again: the strategy proposes them anew and is
/// told the recorded outcome.
///
/// \error StudyCorrupt  the strategy proposes another trial than the one recorded
/// \error IoFailed      a trial could not be recorded; nothing is lost but that trial
Status run_loop(const Bench& bench, search::Strategy& strategy, study::Study& study,
                std::stop_token stop, const AfterTrial& after);

}  // namespace keel::engine
