#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "tuner/engine/bench.h"
#include "tuner/engine/scoring.h"
#include "tuner/search/strategy.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// A trial on its way through the loop.
struct Job {
  study::TrialRecord record;
  search::Samples samples = search::Samples::All;
  std::optional<double> slowest_us = {};  ///< see search::Proposal
  std::shared_ptr<const program::Program> program;
  std::unique_ptr<device::Executable> executable;
  std::vector<std::vector<Tensor>> outputs = {};  ///< of the validation samples, for the check
  std::optional<Error> fatal = {};  ///< that ends the run: the check cannot judge any trial
  bool recorded = false;            ///< it is in the study already: nothing is computed
  bool cancelled = false;           ///< the run was stopped before it finished
};

/// Compiles and loads. A failure is the trial's, not the run's. Thread-safe.
void compile(const Bench& bench, Job& job);

/// Times the executable. One at a time per device.
void measure(const Bench& bench, Job& job);

/// Runs the trial's samples, in parallel in the caller's arena, and scores them. A trial slower
/// than its proposal allows runs none, and a refinement that is certain to miss a requirement on
/// the validation samples goes no further.
void evaluate(const Bench& bench, Job& job, const std::stop_token& stop);

/// Runs the check on the validation samples of a trial that meets everything else which the trial
/// alone decides (not the speed-up, which needs another): all other trials are missed already.
/// Blocks while the command runs.
void check(const Bench& bench, Job& job, const std::stop_token& stop);

/// Scores of one assignment on some samples, as Dataset::samples.
Result<std::vector<accuracy::SampleScore>> run_samples(const Bench& bench,
                                                       const search::Assignment& assignment,
                                                       const std::vector<std::size_t>& samples,
                                                       const std::stop_token& stop);

/// Figures of one assignment on any samples, such as the hold-out.
Result<Figures> score_samples(const Bench& bench, const search::Assignment& assignment,
                              const std::vector<std::size_t>& samples, const std::stop_token& stop);

}  // namespace keel::engine
