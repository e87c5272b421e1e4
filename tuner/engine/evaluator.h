#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/metrics.h"
#include "profiler/device/device.h"
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
};

/// A trial on its way through the loop.
struct Job {
  study::TrialRecord record;
  std::shared_ptr<const program::Program> program;
  std::unique_ptr<device::Executable> executable;
  bool recorded = false;   ///< it is in the study already: nothing is computed
  bool cancelled = false;  ///< the run was stopped before it finished
};

/// Compiles and loads. A failure is the trial's, not the run's. Thread-safe.
void compile(const Bench& bench, Job& job);

/// Runs the ranking and validation samples, in parallel in the caller's arena, and scores them.
void evaluate(const Bench& bench, Job& job, const std::stop_token& stop);

/// Times the executable. One at a time per device.
void measure(const Bench& bench, Job& job);

/// Largest requirement violation of aggregated metric values.
double violation(const Bench& bench, const study::MetricValues& values);

/// Metric values of one assignment on any samples, such as the hold-out.
Result<study::MetricValues> score_samples(const Bench& bench, const search::Assignment& assignment,
                                          const std::vector<std::size_t>& samples,
                                          const std::stop_token& stop);

}  // namespace keel::engine
