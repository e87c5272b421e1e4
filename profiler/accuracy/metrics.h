#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "profiler/accuracy/difference.h"
#include "profiler/accuracy/port.h"

namespace keel::accuracy {

/// Outputs of one sample beside the reference.
struct Comparison {
  std::span<const Tensor> outputs;
  std::span<const Tensor> reference;
  std::optional<std::int64_t> label;
};

/// How far a figure over some samples may be from that over all there could be: see interval.h.
enum class Spread : std::uint8_t {
  None,       ///< a maximum: a new sample may exceed it by anything
  Rate,       ///< the mean of successes, 0 to 1 each
  Resampled,  ///< a mean or root mean square
};

/// A figure of merit: one number per sample, then one number over samples.
struct Metric {
  std::string_view name;     ///< "relative_l2"
  std::string_view summary;  ///< one line for --help, with the aggregation
  bool higher_is_better;
  double best;  ///< what outputs that cannot be better score
  bool needs_labels;
  bool needs_floats;  ///< among the outputs it is of
  Spread spread;
  /// \param differences  measure() of each output
  double (*of_sample)(const Comparison&, std::span<const Difference> differences);
  double (*over_samples)(std::span<const double>);
};

/// relative_l2 (||y - r|| / ||r|| per output, the worst output; over samples the root mean
/// square), cosine (worst output; mean over samples), max_abs (largest |y - r|; maximum over
/// samples), top1_agreement (argmax of the first float output agrees with the reference's; mean),
/// top1_accuracy (argmax equals the label; mean). An argmax is over the last axis, the first of
/// equals; of several rows the share that agrees counts.
///
/// A non-finite output where the reference is finite, or not the Inf that the reference is, makes
/// relative_l2 and max_abs infinite and cosine -1. A row's argmax disagrees where an output is NaN,
/// or non-finite and the reference finite. Elements whose reference is NaN, or the same Inf, are
/// left out of the sums. An output of another shape than the reference, where shapes follow from
/// the data, has nothing in common with it: the elements of both are errors, no row's argmax
/// agrees. relative_l2 beside a reference of zeros is 0 or infinite. Over no samples every metric
/// is NaN, as is one that needs labels or a float output where there is none.
std::span<const Metric> metrics();

const Metric* find_metric(std::string_view name);

/// "check": what a command of the owner's says of the outputs. Not in metrics(): nothing here
/// computes it.
const Metric& check_metric();

/// "<=0.02", ">=0.99".
struct Bound {
  bool at_most = true;
  double value = 0;
};

/// \param where  of the error: "--check_bound"
/// \error InvalidConfig  it does not start with '<=' or '>=', or goes on with no finite number
Result<Bound> parse_bound(std::string_view text, const std::string& where);
std::string to_text(const Bound& bound);

/// `--require 'METRIC<=X'` or `>=`, of all outputs together, or 'OUTPUT:METRIC<=X' of one.
struct Requirement {
  const Metric* metric = nullptr;
  bool at_most = true;
  double bound = 0;
  std::string output = {};  ///< the name of one; empty: all, as the metric joins them
};

/// \error InvalidConfig  malformed, an unknown metric (`fix` names the nearest and lists all), a
///     direction that makes no sense (`top1_agreement<=`), a bound that is not finite or beyond the
///     metric's best
Result<Requirement> parse_requirement(std::string_view text);

/// "max_abs<=0.05", "boxes:max_abs<=0.05".
std::string to_text(const Requirement& requirement);

/// "max_abs", "boxes:max_abs".
std::string figure_name(const Requirement& requirement);

/// What is measured: every metric of all outputs, then what requirements have beside them, each
/// once and the check last.
std::vector<std::string> figure_names(std::span<const Requirement> requirements);

/// A metric of one output.
struct OutputMetric {
  const Metric* metric = nullptr;
  std::size_t output = 0;  ///< among the model's
};

/// The figures that are of one output, in the order of figure_names().
/// \error InvalidConfig  the model has no output of that name (`fix` lists them), or the outputs
///     that a requirement is of, one or all, have none of the floats that
///     its metric needs
Result<std::vector<OutputMetric>> output_metrics(std::span<const Requirement> requirements,
                                                 std::span<const Port> outputs);

/// How far `value` misses the bound, as a ratio: <= 0 met. For `<=` value/bound - 1; for `>=` the
/// shortfall over (1 - bound) where the metric's best is 1 and bound < 1, else over |bound|.
/// Infinite where that is not a number and where `value` is NaN.
double violation(const Requirement& requirement, double value);

/// Every metric of one sample; metrics that need labels are NaN without one.
struct SampleScore {
  std::vector<double> values;      ///< as metrics(), then those of single outputs
  double squared_relative_l2 = 0;  ///< mean over outputs of ||y - r||^2 / ||r||^2
  std::vector<float> sketch = {};  ///< of the errors: see error_sketch()
  bool non_finite = false;         ///< an output holds Inf or NaN where the reference does not
};
SampleScore score(const Comparison& comparison, std::span<const OutputMetric> more = {});

/// One value per metric over some samples, then those of single outputs.
/// \param samples  indices into scores
std::vector<double> aggregate(std::span<const SampleScore> scores,
                              std::span<const std::size_t> samples,
                              std::span<const OutputMetric> more = {});

/// What aggregate() over `samples` will not be better than, while only those of `run` have a score.
std::vector<double> best_aggregate(std::span<const SampleScore> scores,
                                   std::span<const std::size_t> run,
                                   std::span<const std::size_t> samples,
                                   std::span<const OutputMetric> more = {});

}  // namespace keel::accuracy
