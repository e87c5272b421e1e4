#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "profiler/accuracy/probing_samples.h"
#include "tuner/engine/bench.h"

namespace keel::engine {

/// What all lowered, run on every sample that trials run on, tells before the search begins.
struct FirstLook {
  double seconds = 0;  ///< wall-clock, of one full evaluation that shares nothing
  accuracy::ProbingSamples probing;
  std::vector<std::size_t> worst_first;  ///< all of them, by its error
};

/// \error  that of a trial: what fails here fails in a trial, which says so
Result<FirstLook> first_look(const Bench& bench, const search::Space& space,
                             const std::stop_token& stop);

}  // namespace keel::engine
