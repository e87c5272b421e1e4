#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/metrics.h"
#include "profiler/accuracy/probing_samples.h"
#include "profiler/device/device.h"
#include "tuner/engine/check.h"
#include "tuner/engine/evaluation_times.h"
#include "tuner/engine/reference.h"
#include "tuner/engine/target.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// What evaluating a trial needs; shared by all trials of a run, not owned.
struct Bench {
  const Target* target = nullptr;
  const accuracy::Dataset* data = nullptr;
  const Reference* reference = nullptr;
  const accuracy::Split* split = nullptr;
  const std::vector<accuracy::Requirement>* requirements = nullptr;
  device::Device* device = nullptr;
  program::ResultMemo* memo = nullptr;
  EvaluationTimes* times = nullptr;  ///< may be null
  /// Of single outputs, as figure_names() of the requirements has them.
  std::vector<accuracy::OutputMetric> output_metrics = {};
  const Check* check = nullptr;                       ///< may be null; its requirement is the last
  search::Goal goal = {};                             ///< the check is run where its bounds hold
  std::optional<double> confidence = {};              ///< see TuneOptions
  std::uint64_t seed = 0;                             ///< of the resamplings behind intervals
  const accuracy::ProbingSamples* probing = nullptr;  ///< null or empty: probes run on all
};

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

/// Figures over some samples, with the ends of their intervals: one each of figure_names(). NaN are
/// what a check that was not run says, and the ends where there is no interval.
struct Figures {
  study::MetricValues values, lo, hi;
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

/// Largest requirement violation; -1, the least there is, where nothing is required. A check that
/// was not run is left out. With a confidence the ends of the intervals count.
double violation(const Bench& bench, const Figures& figures);

/// Scores of one assignment on some samples, as Dataset::samples.
Result<std::vector<accuracy::SampleScore>> run_samples(const Bench& bench,
                                                       const search::Assignment& assignment,
                                                       const std::vector<std::size_t>& samples,
                                                       const std::stop_token& stop);

/// Figures of one assignment on any samples, such as the hold-out.
Result<Figures> score_samples(const Bench& bench, const search::Assignment& assignment,
                              const std::vector<std::size_t>& samples, const std::stop_token& stop);

}  // namespace keel::engine
