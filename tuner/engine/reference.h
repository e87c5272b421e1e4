#pragma once

#include <stop_token>
#include <vector>

#include "compiler/program/host_execution.h"
#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/ranges.h"
#include "profiler/accuracy/split.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// The model in fp32 on the host, once per sample.
struct Reference {
  std::vector<std::vector<Tensor>> outputs;  ///< by sample
  /// By ValueId of the prepared graph, over the samples that rank and validate; constants too.
  std::vector<accuracy::Range> ranges;
};

/// Runs in the calling thread's task arena, samples in parallel.
/// \param lowered  by ValueId: the dtype whose losses the ranges count
/// \error what running the model gives, with the sample
Result<Reference> run_reference(const Target& target, const accuracy::Dataset& data,
                                const accuracy::Split& split, const std::vector<DType>& lowered,
                                std::stop_token stop);

}  // namespace keel::engine
