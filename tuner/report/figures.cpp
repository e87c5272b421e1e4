#include "tuner/report/figures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

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

double figure(const TuneResult& result, const study::MetricValues& values, std::string_view name) {
  const auto found = std::ranges::find(result.figure_names, name);
  const auto place = static_cast<std::size_t>(found - result.figure_names.begin());
  return place < values.size() && found != result.figure_names.end() ? values[place] : kNone;
}

std::string_view format_choice(const TuneResult& result) {
  for (const auto& [name, value] : result.question) {
    if (name == "search_hf32") return "hf32";
    if (name == "search_bf16") return "bf16";
  }
  return {};
}

std::string_view kept_format(const TuneResult& result, const search::Assignment& assignment,
                             std::size_t unit) {
  const std::optional<std::size_t> leader = result.units[unit].record.follows;
  const bool has_choice = leader && is_format(result.units[*leader].record);
  if (!has_choice || assignment[unit] != 0) return {};
  return assignment[*leader] != 0 ? format_choice(result) : "fp32";
}

bool is_on_list(const TuneResult& result, const search::Assignment& assignment, std::size_t unit) {
  const study::UnitRecord& record = result.units[unit].record;
  return assignment[unit] == 0 && search::is_listed(record.state) && !is_format(record) &&
         kept_format(result, assignment, unit) != "bf16";
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
