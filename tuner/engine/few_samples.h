#pragma once

#include <cstddef>

#include "tuner/engine/options.h"
#include "tuner/engine/progress.h"

namespace keel::engine {

/// Warns of requirements that --confidence cannot judge: a rate that so many samples could not show
/// even if all of them agreed, a figure that has no interval. \param samples  that validate
void warn_of_few_samples(const TuneOptions& options, std::size_t samples, Progress& progress);

}  // namespace keel::engine
