#pragma once

#include <string_view>

#include "profiler/accuracy/dataset.h"
#include "tuner/engine/earlier_study.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"
#include "tuner/search/rivals.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// Everything that makes two runs the same question: a study refuses to go on under another.
/// \param earlier  may be null
study::Question make_question(const TuneOptions& options, const Target& target,
                              const accuracy::Dataset& data, const EarlierStudy* earlier,
                              const search::Rivals& rivals);

/// The entry for what the modes before reach, where several are searched; the first has none.
constexpr std::string_view kBeside = "beside";

/// Changes when equal questions would no longer give equal trials.
constexpr const char* kAlgorithmVersion = "15";

}  // namespace keel::engine
