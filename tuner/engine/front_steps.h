#pragma once

#include <span>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/target.h"
#include "tuner/report/front_step.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// How far apart in predicted time the neighbours on a front are: their programs are compiled
/// again, and what both share cancels. \param front  numbers of trials that did not fail, by
/// latency \pre missing_figure(target.soc) is null \error what compiling gives
Result<std::vector<report::FrontStep>> front_steps(const Target& target,
                                                   std::span<const study::TrialRecord> trials,
                                                   std::span<const std::uint64_t> front);

}  // namespace keel::engine
