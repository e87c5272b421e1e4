#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "profiler/accuracy/metrics.h"
#include "profiler/accuracy/split.h"

namespace keel::accuracy {

/// A few of the ranking samples that stand for all of them.
struct ProbingSamples {
  std::vector<std::size_t> samples;  ///< indices into Dataset::samples, sorted
  std::vector<double> weights;       ///< as samples: how many ranking samples each stands for

  bool empty() const { return samples.empty(); }

  /// Estimate of the mean over all ranking samples. \param values  as Dataset::samples
  double mean_squared_error(std::span<const SampleScore> scores) const;
};

/// The worst ones each for itself, since a unit may harm few samples by much, and of the others
/// the median of each quarter. Empty where ranking and validation samples are too few for that to
/// save much.
/// \param scores  of a variant that is as wrong as it gets, as Dataset::samples
ProbingSamples choose_probing(const Split& split, std::span<const SampleScore> scores);

}  // namespace keel::accuracy
