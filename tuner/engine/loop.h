#pragma once

#include <cstddef>
#include <stop_token>

#include "tuner/engine/evaluator.h"
#include "tuner/engine/recorder.h"
#include "tuner/search/strategy.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// How many trials may be on their way. Fixed, so that ask k happens after exactly trials 0 .. k-L
/// are told whatever the number of threads: the same study from 1 or 100 workers.
constexpr std::size_t kLookAhead = 8;

/// Proposes, compiles in parallel, measures one at a time, evaluates in parallel, tells and records
/// in the order asked, until the strategy has nothing left, or `stop`.
///
/// On return every trial told is on the disk. A crash may lose the last that were told: a resumed
/// run proposes them again, since the strategy sees nothing but what it was told before.
///
/// Trials the study holds already are not computed again: the strategy proposes them anew and is
/// told the recorded outcome.
///
/// \error StudyCorrupt  the strategy proposes another trial than the one recorded
/// \error IoFailed      trials could not be recorded; nothing is lost but those that follow
Status run_loop(const Bench& bench, search::Strategy& strategy, study::Study& study,
                std::stop_token stop, const AfterTrials& after);

}  // namespace keel::engine
