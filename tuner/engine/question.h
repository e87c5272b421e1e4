#pragma once

#include "profiler/accuracy/dataset.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// Everything that makes two runs the same question: a study refuses to go on under another.
study::Question make_question(const TuneOptions& options, const Target& target,
                              const accuracy::Dataset& data);

/// Changes when equal questions would no longer give equal trials.
constexpr const char* kAlgorithmVersion = "3";

}  // namespace keel::engine
