#include "tuner/engine/evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/base/error_text.h"
#include "profiler/accuracy/interval.h"
#include "profiler/measure/measure.h"
#include "tuner/engine/kernel_row.h"
#include "tuner/engine/sample_runner.h"
#include "tuner/search/bounds.h"

namespace keel::engine {
namespace {

using accuracy::SampleScore;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Result<std::shared_ptr<const program::Program>> make_program(const Bench& bench,
                                                             const search::Assignment& x) {
  KEEL_TRY(program::Program program, bench.target->prepared.compile(bench.target->precisions(x)));
  return std::make_shared<const program::Program>(std::move(program));
}

int count_casts(const ir::Graph& graph) {
  int casts = 0;
  for (const ir::NodeId id : graph.nodes()) casts += is_inserted_cast(graph[id]) ? 1 : 0;
  return casts;
}

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

void fail(Job& job, const Error& error) {
  job.record.trial.outcome = {search::TrialState::Failed, 0.0, 0.0, kInfinity};
  job.record.error = error.what + (error.where.empty() ? "" : " at " + error.where);
  job.executable.reset();
}

double mean_squared_error(const std::vector<SampleScore>& scores,
                          const std::vector<std::size_t>& samples) {
  double sum = 0;
  for (const std::size_t s : samples) sum += scores[s].squared_relative_l2;
  return sum / static_cast<double>(samples.size());
}

// Whether an output of a sample that ran holds Inf or NaN where the reference does not.
bool note_non_finite(const SamplesRun& run, search::Outcome& outcome) {
  if (!std::ranges::any_of(run.scores, &SampleScore::non_finite)) return false;
  outcome.state = search::TrialState::NonFinite;
  outcome.squared_error = kInfinity;
  outcome.violation = kInfinity;
  return true;
}

void score_validation(const Bench& bench, const SamplesRun& run,
                      const std::vector<std::size_t>& samples, study::TrialRecord& record) {
  const Figures figures = figures_of(bench, run.scores, samples);
  record.validation = figures.values;
  record.validation_lo = figures.lo;
  record.validation_hi = figures.hi;
  record.trial.outcome.violation = violation(bench, figures);
}

void score_ranking(const Bench& bench, const SamplesRun& run, study::TrialRecord& record) {
  record.ranking = accuracy::aggregate(run.scores, bench.split->ranking, bench.output_metrics);
  if (bench.check != nullptr) record.ranking.push_back(kNone);
  search::Outcome& outcome = record.trial.outcome;
  outcome.squared_error = mean_squared_error(run.scores, bench.split->ranking);
  if (bench.probing != nullptr)
    outcome.probing_squared_error = bench.probing->mean_squared_error(run.scores);
}

Status run_probing(const Bench& bench, SampleRunner& runner, search::Outcome& outcome) {
  KEEL_TRY_STATUS(runner.run(bench.probing->samples));
  if (note_non_finite(runner.result(), outcome)) return Done{};
  outcome.state = search::TrialState::Partial;
  outcome.squared_error = outcome.violation = kNone;
  outcome.probing_squared_error = bench.probing->mean_squared_error(runner.result().scores);
  return Done{};
}

void reject(search::Outcome& outcome) {
  outcome.state = search::TrialState::Rejected;
  outcome.squared_error = outcome.violation = kNone;
}

// Whether a requirement is missed by the validation samples run so far, whatever the others give.
bool is_missed_already(const Bench& bench, const SamplesRun& result,
                       const std::vector<std::size_t>& run) {
  Figures figures;
  figures.values =
      accuracy::best_aggregate(result.scores, run, bench.split->validation, bench.output_metrics);
  if (bench.check != nullptr) figures.values.push_back(kNone);
  return worst_violation(*bench.requirements, figures, false) > 0;
}

// Most refinements miss a requirement, many by much: they end where that is certain. Samples that
// rank would only say by how much the error differs.
Status run_refinement(const Bench& bench, SampleRunner& runner, study::TrialRecord& record) {
  constexpr std::size_t kParts = 4, kLeastPart = 2;
  const std::vector<std::size_t>& validation = bench.split->validation;
  const std::size_t part = std::max(kLeastPart, (validation.size() + kParts - 1) / kParts);
  search::Outcome& outcome = record.trial.outcome;
  std::vector<std::size_t> run;
  while (run.size() < validation.size() && !is_missed_already(bench, runner.result(), run)) {
    const auto from = validation.begin() + static_cast<std::ptrdiff_t>(run.size());
    const std::size_t count = std::min(part, validation.size() - run.size());
    const std::vector<std::size_t> next(from, from + static_cast<std::ptrdiff_t>(count));
    KEEL_TRY_STATUS(runner.run(next));
    run.insert(run.end(), next.begin(), next.end());
  }
  score_validation(bench, runner.result(), run, record);
  if (note_non_finite(runner.result(), outcome)) return Done{};
  if (const double missed = outcome.violation; missed > 0) {
    reject(outcome);
    outcome.violation = missed;
    return Done{};
  }
  std::vector<std::size_t> others;
  std::ranges::set_difference(bench.split->ranking, validation, std::back_inserter(others));
  KEEL_TRY_STATUS(runner.run(others));
  score_ranking(bench, runner.result(), record);
  note_non_finite(runner.result(), outcome);
  return Done{};
}

Status run_and_score(const Bench& bench, SampleRunner& runner, Job& job) {
  const accuracy::Split& split = *bench.split;
  study::TrialRecord& record = job.record;
  if (job.slowest_us && record.trial.outcome.latency_us > *job.slowest_us) {
    reject(record.trial.outcome);
    return Done{};
  }
  const bool has_probing = bench.probing != nullptr && !bench.probing->empty();
  if (job.samples == search::Samples::Probing && has_probing)
    return run_probing(bench, runner, record.trial.outcome);
  if (record.trial.phase == search::Phase::Refine) return run_refinement(bench, runner, record);
  std::vector<std::size_t> samples;
  std::ranges::set_union(split.ranking, split.validation, std::back_inserter(samples));
  KEEL_TRY_STATUS(runner.run(samples));
  score_ranking(bench, runner.result(), record);
  score_validation(bench, runner.result(), split.validation, record);
  note_non_finite(runner.result(), record.trial.outcome);
  return Done{};
}

}  // namespace

double violation(const Bench& bench, const Figures& figures) {
  return worst_violation(*bench.requirements, figures, bench.confidence.has_value());
}

void compile(const Bench& bench, Job& job) {
  if (job.recorded) return;
  Result<std::shared_ptr<const program::Program>> program =
      make_program(bench, job.record.trial.assignment);
  if (!program.ok()) return fail(job, program.error());
  job.program = *std::move(program);
  job.record.trial.outcome.casts = count_casts(job.program->graph);
  Result<std::unique_ptr<device::Executable>> executable = bench.device->load(job.program);
  if (!executable.ok()) return fail(job, executable.error());
  job.executable = *std::move(executable);
}

void evaluate(const Bench& bench, Job& job, const std::stop_token& stop) {
  if (!job.executable) return;
  // Probes share much with an anchor, and refinement with the trial it would better.
  const search::Phase phase = job.record.trial.phase;
  const bool expects_reuse = phase == search::Phase::Anchor || phase == search::Phase::Refine;
  const bool keeps_outputs = bench.check != nullptr;
  SampleRunner runner(bench, *job.executable,
                      keeps_outputs ? bench.split->validation : std::vector<std::size_t>{},
                      expects_reuse, stop);
  const Status ran = run_and_score(bench, runner, job);
  job.executable.reset();
  if (bench.times != nullptr) bench.times->add(job.record.trial.number, phase, runner.seconds());
  if (stop.stop_requested()) {
    job.cancelled = true;
    return;
  }
  if (!ran.ok()) return fail(job, ran.error());
  if (keeps_outputs && job.record.trial.outcome.state == search::TrialState::Complete)
    for (const std::size_t s : bench.split->validation)
      job.outputs.push_back(std::move(runner.result().outputs[s]));
}

void measure(const Bench& bench, Job& job) {
  if (!job.executable) return;
  const std::size_t first = bench.split->ranking.front();
  const Result<measure::Latency> latency =
      measure::measure(*bench.device, *job.executable, bench.data->samples[first].inputs, {});
  if (!latency.ok()) return fail(job, latency.error());
  job.record.trial.outcome.latency_us = latency->median_us;
}

void check(const Bench& bench, Job& job, const std::stop_token& stop) {
  const std::vector<std::vector<Tensor>> outputs = std::exchange(job.outputs, {});
  search::Outcome& outcome = job.record.trial.outcome;
  if (bench.check == nullptr || outputs.empty() || job.cancelled) return;
  if (outcome.state != search::TrialState::Complete || outcome.violation > 0) return;
  search::Goal alone = bench.goal;
  alone.min_speed_up.reset();
  if (!search::Bounds(alone, std::nullopt).hold(outcome.latency_us, outcome.casts)) return;
  const Result<double> value = bench.check->run(outputs, stop);
  if (stop.stop_requested()) {
    job.cancelled = true;
  } else if (!value.ok()) {
    job.fatal = value.error();
  } else {
    job.record.validation.back() = *value;
    outcome.violation = violation(
        bench, {job.record.validation, job.record.validation_lo, job.record.validation_hi});
  }
}

Result<std::vector<SampleScore>> run_samples(const Bench& bench,
                                             const search::Assignment& assignment,
                                             const std::vector<std::size_t>& samples,
                                             const std::stop_token& stop) {
  KEEL_TRY(const std::shared_ptr<const program::Program> program, make_program(bench, assignment));
  KEEL_TRY(const std::unique_ptr<device::Executable> executable, bench.device->load(program));
  SampleRunner runner(bench, *executable, {}, false, stop);
  KEEL_TRY_STATUS(runner.run(samples));
  return std::move(runner.result().scores);
}

Result<Figures> score_samples(const Bench& bench, const search::Assignment& assignment,
                              const std::vector<std::size_t>& samples,
                              const std::stop_token& stop) {
  KEEL_TRY(const std::vector<SampleScore> scores, run_samples(bench, assignment, samples, stop));
  return figures_of(bench, scores, samples);
}

}  // namespace keel::engine
