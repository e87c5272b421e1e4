#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/metrics.h"
#include "profiler/accuracy/probing_samples.h"
#include "profiler/accuracy/split.h"
#include "profiler/device/device.h"
#include "tuner/engine/check.h"
#include "tuner/engine/evaluation_times.h"
#include "tuner/engine/known_scores.h"
#include "tuner/engine/reference.h"
#include "tuner/engine/target.h"
#include "tuner/search/goal.h"

namespace keel::engine {

class SampleBatches;

/// What evaluating a trial needs; shared by all trials of a run, not owned.
struct Bench {
  const Target* target = nullptr;
  const accuracy::Dataset* data = nullptr;
  const Reference* reference = nullptr;
  const accuracy::Split* split = nullptr;
  const std::vector<accuracy::Requirement>* requirements = nullptr;
  device::Device* device = nullptr;
  program::ResultMemo* memo = nullptr;
  EvaluationTimes* times = nullptr;        ///< may be null
  KnownScores* known = nullptr;            ///< may be null
  const SampleBatches* batches = nullptr;  ///< null: samples run one by one
  /// Of single outputs, as figure_names() of the requirements has them.
  std::vector<accuracy::OutputMetric> output_metrics = {};
  const Check* check = nullptr;                       ///< may be null; its requirement is the last
  search::Goal goal = {};                             ///< the check is run where its bounds hold
  std::optional<double> confidence = {};              ///< see TuneOptions
  std::uint64_t seed = 0;                             ///< of the resamplings behind intervals
  const accuracy::ProbingSamples* probing = nullptr;  ///< null or empty: probes run on all
  /// The samples that rank or validate, those first on which a refinement is likely to miss a
  /// requirement; null or empty: in their order.
  const std::vector<std::size_t>* worst_first = nullptr;
  /// By UnitId: see telling_samples(); empty where no unit is suspect.
  std::vector<std::vector<std::size_t>> telling = {};
};

}  // namespace keel::engine
