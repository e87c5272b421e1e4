#include "profiler/accuracy/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "profiler/accuracy/argmax.h"
#include "profiler/accuracy/error_sketch.h"

namespace keel::accuracy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double squared_relative_error(const Difference& difference) {
  if (difference.squared_error == 0) return 0;
  const double ratio = difference.squared_error / difference.squared_reference;
  return std::isnan(ratio) ? kInfinity : ratio;
}

double relative_l2(const Comparison&, std::span<const Difference> differences) {
  double worst = 0;
  for (const Difference& difference : differences)
    worst = std::max(worst, std::sqrt(squared_relative_error(difference)));
  return worst;
}

double cosine_of(const Difference& difference) {
  if (difference.infinite) return -1;
  if (difference.squared_error == 0) return 1;
  const double lengths = std::sqrt(difference.squared_output * difference.squared_reference);
  return lengths > 0 ? std::clamp(difference.product / lengths, -1.0, 1.0) : 0;
}

double cosine(const Comparison&, std::span<const Difference> differences) {
  double worst = 1;
  for (const Difference& difference : differences) worst = std::min(worst, cosine_of(difference));
  return worst;
}

double max_abs(const Comparison&, std::span<const Difference> differences) {
  double worst = 0;
  for (const Difference& difference : differences)
    worst = std::max(worst, difference.largest_error);
  return worst;
}

double top1(const Comparison& comparison, std::optional<std::int64_t> label) {
  for (std::size_t i = 0; i < comparison.outputs.size(); ++i) {
    const Tensor& output = comparison.outputs[i];
    if (is_tunable_float(output.dtype()) || output.dtype() == DType::F64)
      return share_of_rows_agreeing(output, comparison.reference[i], label);
  }
  return kNan;
}

double top1_agreement(const Comparison& comparison, std::span<const Difference>) {
  return top1(comparison, std::nullopt);
}

double top1_accuracy(const Comparison& comparison, std::span<const Difference>) {
  return comparison.label ? top1(comparison, comparison.label) : kNan;
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double root_mean_square(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double maximum(std::span<const double> values) {
  double largest = values.empty() ? kNan : values[0];
  for (const double value : values) largest = std::max(largest, value);
  return largest;
}

constexpr std::array kMetrics = {
    Metric{.name = "relative_l2",
           .summary = "||y - r|| / ||r|| of the worst output; root mean square over samples",
           .higher_is_better = false,
           .best = 0,
           .needs_labels = false,
           .needs_floats = false,
           .spread = Spread::Resampled,
           .of_sample = relative_l2,
           .over_samples = root_mean_square},
    Metric{.name = "cosine",
           .summary = "cosine similarity of the worst output; mean over samples",
           .higher_is_better = true,
           .best = 1,
           .needs_labels = false,
           .needs_floats = false,
           .spread = Spread::Resampled,
           .of_sample = cosine,
           .over_samples = mean},
    Metric{.name = "max_abs",
           .summary = "largest |y - r| of any output; maximum over samples",
           .higher_is_better = false,
           .best = 0,
           .needs_labels = false,
           .needs_floats = false,
           .spread = Spread::None,
           .of_sample = max_abs,
           .over_samples = maximum},
    Metric{.name = "top1_agreement",
           .summary = "argmax of the first float output is the reference's; mean over samples",
           .higher_is_better = true,
           .best = 1,
           .needs_labels = false,
           .needs_floats = true,
           .spread = Spread::Rate,
           .of_sample = top1_agreement,
           .over_samples = mean},
    Metric{.name = "top1_accuracy",
           .summary = "argmax of the first float output is the label; mean over samples",
           .higher_is_better = true,
           .best = 1,
           .needs_labels = true,
           .needs_floats = true,
           .spread = Spread::Rate,
           .of_sample = top1_accuracy,
           .over_samples = mean},
};

constexpr Metric kCheck{.name = "check",
                        .summary = "what the command of --check says",
                        .higher_is_better = true,
                        .best = 1,
                        .needs_labels = false,
                        .needs_floats = false,
                        .spread = Spread::None,
                        .of_sample = nullptr,
                        .over_samples = nullptr};

}  // namespace

std::span<const Metric> metrics() { return kMetrics; }

const Metric* find_metric(std::string_view name) {
  const auto found = std::ranges::find(kMetrics, name, &Metric::name);
  return found == kMetrics.end() ? nullptr : &*found;
}

const Metric& check_metric() { return kCheck; }

SampleScore score(const Comparison& comparison, std::span<const OutputMetric> more) {
  KEEL_CHECK(comparison.outputs.size() == comparison.reference.size());
  std::vector<Difference> differences;
  for (std::size_t i = 0; i < comparison.outputs.size(); ++i)
    differences.push_back(measure(comparison.outputs[i], comparison.reference[i]));

  SampleScore result;
  result.sketch = error_sketch(comparison.outputs, comparison.reference, differences);
  for (const Metric& metric : kMetrics)
    result.values.push_back(metric.of_sample(comparison, differences));
  for (const OutputMetric& one : more) {
    const Comparison of_one{comparison.outputs.subspan(one.output, 1),
                            comparison.reference.subspan(one.output, 1), comparison.label};
    result.values.push_back(
        one.metric->of_sample(of_one, std::span(differences).subspan(one.output, 1)));
  }
  for (const Difference& difference : differences) {
    result.squared_relative_l2 += squared_relative_error(difference);
    result.non_finite |= difference.non_finite > 0;
  }
  if (!differences.empty()) result.squared_relative_l2 /= static_cast<double>(differences.size());
  return result;
}

std::vector<double> aggregate(std::span<const SampleScore> scores,
                              std::span<const std::size_t> samples,
                              std::span<const OutputMetric> more) {
  return best_aggregate(scores, samples, samples, more);
}

std::vector<double> best_aggregate(std::span<const SampleScore> scores,
                                   std::span<const std::size_t> run,
                                   std::span<const std::size_t> samples,
                                   std::span<const OutputMetric> more) {
  std::vector<double> result;
  for (std::size_t m = 0; m < kMetrics.size() + more.size(); ++m) {
    const Metric& metric = m < kMetrics.size() ? kMetrics[m] : *more[m - kMetrics.size()].metric;
    std::vector<double> values(samples.size(), metric.best);
    for (std::size_t i = 0; i < run.size(); ++i) values[i] = scores[run[i]].values[m];
    result.push_back(metric.over_samples(values));
  }
  return result;
}

}  // namespace keel::accuracy
