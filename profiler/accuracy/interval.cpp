#include "profiler/accuracy/interval.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// The 5 % quantile of 1000 resamplings is known to about half a percent.
constexpr std::size_t kResamplings = 1000;

double beta_quantile(double a, double b, double probability) {
  return boost::math::quantile(boost::math::beta_distribution<double>(a, b), probability);
}

Interval of_rate(std::span<const double> values, double confidence) {
  const auto count = static_cast<double>(values.size());
  const double successes =
      std::clamp(std::accumulate(values.begin(), values.end(), 0.0), 0.0, count);
  const double failures = count - successes;
  return {successes > 0 ? beta_quantile(successes, failures + 1, 1 - confidence) : 0.0,
          failures > 0 ? beta_quantile(successes + 1, failures, confidence) : 1.0};
}

Interval of_resamplings(const Metric& metric, std::span<const double> values, double confidence,
                        std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> drawn(values.size());
  std::vector<double> figures;
  for (std::size_t i = 0; i < kResamplings; ++i) {
    for (double& value : drawn) value = values[rng.below(values.size())];
    figures.push_back(metric.over_samples(drawn));
  }
  std::ranges::sort(figures);
  const auto tail = static_cast<std::size_t>((1 - confidence) * static_cast<double>(kResamplings));
  return {figures[tail], figures[kResamplings - 1 - tail]};
}

}  // namespace

Interval interval(const Metric& metric, std::span<const double> values, double confidence,
                  std::uint64_t seed) {
  const bool is_known = std::ranges::none_of(values, [](double x) { return std::isnan(x); });
  if (values.empty() || !is_known) return {kNan, kNan};
  switch (metric.spread) {
    case Spread::None:
      return {kNan, kNan};
    case Spread::Rate:
      return of_rate(values, confidence);
    case Spread::Resampled:
      return of_resamplings(metric, values, confidence, seed);
  }
  KEEL_CHECK(false && "a Spread outside its enumeration");
}

std::size_t samples_needed(double rate, double confidence) {
  // The lower end of n successes of n is the n-th root of 1 - confidence.
  return static_cast<std::size_t>(std::ceil(std::log(1 - confidence) / std::log(rate)));
}

std::vector<Interval> intervals(std::span<const SampleScore> scores,
                                std::span<const std::size_t> samples,
                                std::span<const OutputMetric> more, double confidence,
                                std::uint64_t seed) {
  std::vector<Interval> result;
  std::vector<double> values(samples.size());
  for (std::size_t m = 0; m < metrics().size() + more.size(); ++m) {
    const Metric& metric = m < metrics().size() ? metrics()[m] : *more[m - metrics().size()].metric;
    for (std::size_t i = 0; i < samples.size(); ++i) values[i] = scores[samples[i]].values[m];
    result.push_back(interval(metric, values, confidence, seed));
  }
  return result;
}

double worse_end(const Requirement& requirement, double value, const Interval& interval) {
  const double end = requirement.at_most ? interval.hi : interval.lo;
  return std::isnan(end) ? value : end;
}

}  // namespace keel::accuracy
