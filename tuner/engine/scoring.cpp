#include "tuner/engine/scoring.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "profiler/accuracy/interval.h"

namespace keel::engine {
namespace {

using accuracy::SampleScore;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Largest violation of the requirements; -1 where there is none to judge.
// \param with_confidence  the worse ends of the intervals count
double worst_violation(const std::vector<accuracy::Requirement>& requirements,
                       const Figures& figures, bool with_confidence) {
  const std::vector<std::string> names = accuracy::figure_names(requirements);
  std::optional<double> worst;
  for (const accuracy::Requirement& requirement : requirements) {
    const bool is_check = requirement.metric == &accuracy::check_metric();
    const auto place = static_cast<std::size_t>(std::ranges::find(names, figure_name(requirement)) -
                                                names.begin());
    double value = figures.values[place];
    if (is_check && std::isnan(value)) continue;
    if (with_confidence)
      value = accuracy::worse_end(requirement, value, {figures.lo[place], figures.hi[place]});
    double missed = accuracy::violation(requirement, value);
    // By its exit code: as much as a bound missed by itself, not more than any other figure's miss.
    if (is_check && std::isinf(missed)) missed = 1;
    worst = std::max(worst.value_or(missed), missed);
  }
  return worst.value_or(-1);
}

double mean_squared_error(const std::vector<SampleScore>& scores,
                          const std::vector<std::size_t>& samples) {
  double sum = 0;
  for (const std::size_t s : samples) sum += scores[s].squared_relative_l2;
  return sum / static_cast<double>(samples.size());
}

std::vector<std::size_t> common(const std::vector<std::size_t>& a,
                                const std::vector<std::size_t>& b) {
  std::vector<std::size_t> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

}  // namespace

Figures figures_of(const Bench& bench, const std::vector<SampleScore>& scores,
                   const std::vector<std::size_t>& samples) {
  Figures figures;
  figures.values = accuracy::aggregate(scores, samples, bench.output_metrics);
  for (const accuracy::Interval& interval :
       accuracy::intervals(scores, samples, bench.output_metrics,
                           bench.confidence.value_or(kShownConfidence), bench.seed)) {
    figures.lo.push_back(interval.lo);
    figures.hi.push_back(interval.hi);
  }
  if (bench.check != nullptr)
    for (study::MetricValues* list : {&figures.values, &figures.lo, &figures.hi})
      list->push_back(kNone);
  return figures;
}

double violation(const Bench& bench, const Figures& figures) {
  return worst_violation(*bench.requirements, figures, bench.confidence.has_value());
}

bool note_non_finite(const SamplesRun& run, search::Outcome& outcome) {
  if (!std::ranges::any_of(run.scores, &SampleScore::non_finite)) return false;
  outcome.state = search::TrialState::NonFinite;
  outcome.squared_error = kInfinity;
  outcome.violation = kInfinity;
  return true;
}

void score(const Bench& bench, const SamplesRun& result, const std::vector<std::size_t>& run,
           study::TrialRecord& record) {
  const std::vector<std::size_t> ranking = common(run, bench.split->ranking);
  const std::vector<std::size_t> validation = common(run, bench.split->validation);
  if (!ranking.empty()) {
    record.ranking = accuracy::aggregate(result.scores, ranking, bench.output_metrics);
    if (bench.check != nullptr) record.ranking.push_back(kNone);
  }
  if (!validation.empty()) {
    Figures figures = figures_of(bench, result.scores, validation);
    record.validation = std::move(figures.values);
    record.validation_lo = std::move(figures.lo);
    record.validation_hi = std::move(figures.hi);
  }
  record.trial.outcome.violation = violation(bench, record);
}

bool has_probing(const Bench& bench) { return bench.probing != nullptr && !bench.probing->empty(); }

void note_sketch(const Bench& bench, const SamplesRun& run, search::Outcome& outcome) {
  const bool is_probed = has_probing(bench);
  const std::vector<std::size_t>& samples =
      is_probed ? bench.probing->samples : bench.split->ranking;
  const std::vector<double> weights =
      is_probed ? bench.probing->weights : std::vector<double>(samples.size(), 1);
  const double whole = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<float> sketch;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::vector<float>& one = run.scores[samples[i]].sketch;
    if (one.empty()) return;
    const auto share = static_cast<float>(std::sqrt(weights[i] / whole));
    for (const float value : one) sketch.push_back(share * value);
  }
  outcome.error_sketch = std::make_shared<const std::vector<float>>(std::move(sketch));
}

void score_error(const Bench& bench, const SamplesRun& run, search::Outcome& outcome) {
  outcome.squared_error = mean_squared_error(run.scores, bench.split->ranking);
  note_sketch(bench, run, outcome);
  if (bench.probing != nullptr)
    outcome.probing_squared_error = bench.probing->mean_squared_error(run.scores);
}

double violation(const Bench& bench, const study::TrialRecord& record) {
  double most = -1;
  if (!record.ranking.empty())
    most = std::max(most, worst_violation(*bench.requirements, {record.ranking, {}, {}}, false));
  if (!record.validation.empty())
    most = std::max(
        most, violation(bench, {record.validation, record.validation_lo, record.validation_hi}));
  return most;
}

bool is_missed_already(const Bench& bench, const SamplesRun& result,
                       const std::vector<std::size_t>& run) {
  return std::ranges::any_of(std::array{&bench.split->ranking, &bench.split->validation},
                             [&](const std::vector<std::size_t>* all) {
                               Figures figures;
                               figures.values = accuracy::best_aggregate(
                                   result.scores, common(run, *all), *all, bench.output_metrics);
                               if (bench.check != nullptr) figures.values.push_back(kNone);
                               return worst_violation(*bench.requirements, figures, false) > 0;
                             });
}

}  // namespace keel::engine
