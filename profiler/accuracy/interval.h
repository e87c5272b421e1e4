#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "profiler/accuracy/metrics.h"

namespace keel::accuracy {

/// Where the figure that some samples give would lie over all samples there could be. Each end
/// holds with the confidence asked for by itself, as a one-sided bound.
struct Interval {
  double lo = 0;
  double hi = 0;
};

/// Of a rate by Clopper and Pearson, exact whatever the number of samples; a share of rows of a
/// sample counts as a part of a success, which makes the interval wider than it need be. Of a mean
/// or root mean square the percentiles of 1000 resamplings of the samples, seeded. NaN at both ends
/// for a maximum, which has none, over no samples, and where a value is NaN.
///
/// \param values      of `metric`, by sample
/// \param confidence  above 0.5 and below 1
/// \par Source  Clopper, Pearson, "The use of confidence or fiducial limits illustrated in the case
///     of the binomial", 1934; Efron, "Bootstrap methods: another look at the jackknife", 1979
Interval interval(const Metric& metric, std::span<const double> values, double confidence,
                  std::uint64_t seed);

/// Samples that must all succeed for the lower end of a rate to reach `rate`. \pre 0 < rate < 1
std::size_t samples_needed(double rate, double confidence);

/// Intervals of aggregate()'s figures, in its order.
std::vector<Interval> intervals(std::span<const SampleScore> scores,
                                std::span<const std::size_t> samples,
                                std::span<const OutputMetric> more, double confidence,
                                std::uint64_t seed);

/// The end of the interval on the side where `requirement` is missed; `value` where it has none.
double worse_end(const Requirement& requirement, double value, const Interval& interval);

}  // namespace keel::accuracy
