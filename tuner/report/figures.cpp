#include "tuner/report/figures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

namespace keel::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool has_latency(const study::TrialRecord& record) {
  return record.trial.outcome.state != search::TrialState::Failed;
}

}  // namespace

const study::TrialRecord& trial(const TuneResult& result, std::uint64_t number) {
  KEEL_CHECK(number < result.trials.size());
  return result.trials[number];
}

std::size_t metric_index(const accuracy::Metric& metric) {
  const std::span<const accuracy::Metric> all = accuracy::metrics();
  const auto found = std::ranges::find(all, metric.name, &accuracy::Metric::name);
  KEEL_CHECK(found != all.end());
  return static_cast<std::size_t>(found - all.begin());
}

double figure(const study::MetricValues& values, const accuracy::Metric& metric) {
  const std::size_t index = metric_index(metric);
  return index < values.size() ? values[index] : kNone;
}

bool is_met(const accuracy::Requirement& requirement, const study::MetricValues& values) {
  const double value = figure(values, *requirement.metric);
  return !std::isnan(value) && accuracy::violation(requirement, value) <= 0;
}

double speed_up(const TuneResult& result, const study::TrialRecord& record) {
  if (!result.all_kept || !has_latency(record)) return kNone;
  const study::TrialRecord& kept = trial(result, *result.all_kept);
  if (!has_latency(kept)) return kNone;
  return kept.trial.outcome.latency_us / record.trial.outcome.latency_us;
}

bool lowering_pays(const TuneResult& result) {
  const double gain = speed_up(result, trial(result, *result.recommended));
  return std::isnan(gain) || gain > 1 + result.time_error;
}

std::string shortest(double value) {
  if (std::isnan(value)) return "nan";
  std::array<char, 32> text{};
  const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), value);
  KEEL_CHECK(code == std::errc());
  return {text.data(), end};
}

}  // namespace keel::report
