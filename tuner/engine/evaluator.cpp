#include "tuner/engine/evaluator.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <ctime>
#include <limits>
#include <utility>

#include "compiler/base/error_text.h"
#include "profiler/accuracy/interval.h"
#include "profiler/measure/measure.h"
#include "tuner/engine/kernel_row.h"
#include "tuner/search/bounds.h"

namespace keel::engine {
namespace {

using accuracy::SampleScore;

Result<std::shared_ptr<const program::Program>> make_program(const Bench& bench,
                                                             const search::Assignment& x) {
  KEEL_TRY(program::Program program, bench.target->prepared.compile(bench.target->precisions(x)));
  return std::make_shared<const program::Program>(std::move(program));
}

// Processor time of the calling thread.
double thread_seconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Scored {
  SampleScore score;
  std::vector<Tensor> outputs;
};

Result<Scored> run_sample(const Bench& bench, device::Executable& executable, std::size_t s,
                          bool expects_reuse) {
  KEEL_TRY(std::vector<Tensor> outputs,
           executable.run(bench.data->samples[s].inputs, {bench.memo, expects_reuse}));
  std::optional<std::int64_t> label;
  if (!bench.data->labels.empty()) label = bench.data->labels[s];
  SampleScore score =
      accuracy::score({outputs, bench.reference->outputs[s], label}, bench.output_metrics);
  return Scored{std::move(score), std::move(outputs)};
}

struct Run {
  std::vector<SampleScore> scores;           ///< as Dataset::samples, empty for those not run
  std::vector<std::vector<Tensor>> outputs;  ///< likewise, of those to keep
};

// `seconds` grows by the time of each sample, whichever thread ran it.
// \param keep  sorted: whose outputs are wanted
Result<Run> run_samples(const Bench& bench, device::Executable& executable,
                        const std::vector<std::size_t>& samples,
                        const std::vector<std::size_t>& keep, bool expects_reuse,
                        const std::stop_token& stop, std::atomic<double>& seconds) {
  Run run{std::vector<SampleScore>(bench.data->samples.size()),
          std::vector<std::vector<Tensor>>(bench.data->samples.size())};
  std::vector<std::optional<Error>> errors(samples.size());
  tbb::parallel_for(std::size_t{0}, samples.size(), [&](std::size_t i) {
    if (stop.stop_requested()) {
      errors[i] = Error{ErrorCode::DeviceFailed, "the run was stopped", "", ""};
      return;
    }
    const double start = thread_seconds();
    Result<Scored> scored = run_sample(bench, executable, samples[i], expects_reuse);
    seconds += thread_seconds() - start;
    if (!scored.ok()) {
      errors[i] = std::move(scored).error();
      return;
    }
    run.scores[samples[i]] = std::move(scored->score);
    if (std::ranges::binary_search(keep, samples[i]))
      run.outputs[samples[i]] = std::move(scored->outputs);
  });
  for (std::optional<Error>& error : errors)
    if (error) return *std::move(error);
  return run;
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
      list->push_back(std::numeric_limits<double>::quiet_NaN());
  return figures;
}

void fail(Job& job, const Error& error) {
  job.record.trial.outcome = {search::TrialState::Failed, 0.0, 0.0,
                              std::numeric_limits<double>::infinity()};
  job.record.error = error.what + (error.where.empty() ? "" : " at " + error.where);
  job.executable.reset();
}

}  // namespace

double violation(const Bench& bench, const Figures& figures) {
  const std::vector<std::string> names = accuracy::figure_names(*bench.requirements);
  std::optional<double> worst;
  for (const accuracy::Requirement& requirement : *bench.requirements) {
    const bool is_check = requirement.metric == &accuracy::check_metric();
    const auto place = static_cast<std::size_t>(std::ranges::find(names, figure_name(requirement)) -
                                                names.begin());
    double value = figures.values[place];
    if (is_check && std::isnan(value)) continue;
    if (bench.confidence)
      value = accuracy::worse_end(requirement, value, {figures.lo[place], figures.hi[place]});
    double missed = accuracy::violation(requirement, value);
    // By its exit code: as much as a bound missed by itself, not more than any other figure's miss.
    if (is_check && std::isinf(missed)) missed = 1;
    worst = std::max(worst.value_or(missed), missed);
  }
  return worst.value_or(-1);
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
  std::vector<std::size_t> samples;
  std::ranges::set_union(bench.split->ranking, bench.split->validation,
                         std::back_inserter(samples));
  // Probes share much with an anchor, and refinement with the trial it would better.
  const search::Phase phase = job.record.trial.phase;
  const bool expects_reuse = phase == search::Phase::Anchor || phase == search::Phase::Refine;
  std::atomic<double> seconds = 0;
  const bool keeps_outputs = bench.check != nullptr;
  Result<Run> run =
      run_samples(bench, *job.executable, samples,
                  keeps_outputs ? bench.split->validation : std::vector<std::size_t>{},
                  expects_reuse, stop, seconds);
  if (bench.times != nullptr)
    bench.times->add(job.record.trial.number, job.record.trial.phase, seconds);
  if (stop.stop_requested()) {
    job.cancelled = true;
    return;
  }
  if (!run.ok()) return fail(job, run.error());

  job.record.ranking = accuracy::aggregate(run->scores, bench.split->ranking, bench.output_metrics);
  if (bench.check != nullptr)
    job.record.ranking.push_back(std::numeric_limits<double>::quiet_NaN());
  const Figures validation = figures_of(bench, run->scores, bench.split->validation);
  job.record.validation = validation.values;
  job.record.validation_lo = validation.lo;
  job.record.validation_hi = validation.hi;
  if (keeps_outputs)
    for (const std::size_t s : bench.split->validation)
      job.outputs.push_back(std::move(run->outputs[s]));
  search::Outcome& outcome = job.record.trial.outcome;
  outcome.violation = violation(bench, validation);
  double squared_error = 0;
  for (const std::size_t s : bench.split->ranking)
    squared_error += run->scores[s].squared_relative_l2;
  outcome.squared_error = squared_error / static_cast<double>(bench.split->ranking.size());
  const bool non_finite =
      std::ranges::any_of(samples, [&](std::size_t s) { return run->scores[s].non_finite; });
  if (!non_finite) return;
  outcome.state = search::TrialState::NonFinite;
  outcome.squared_error = std::numeric_limits<double>::infinity();
  outcome.violation = std::numeric_limits<double>::infinity();
}

void measure(const Bench& bench, Job& job) {
  if (!job.executable || job.cancelled) return;
  const std::size_t first = bench.split->ranking.front();
  const Result<measure::Latency> latency =
      measure::measure(*bench.device, *job.executable, bench.data->samples[first].inputs, {});
  if (!latency.ok()) return fail(job, latency.error());
  job.record.trial.outcome.latency_us = latency->median_us;
  job.executable.reset();
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

Result<Figures> score_samples(const Bench& bench, const search::Assignment& assignment,
                              const std::vector<std::size_t>& samples,
                              const std::stop_token& stop) {
  KEEL_TRY(const std::shared_ptr<const program::Program> program, make_program(bench, assignment));
  KEEL_TRY(const std::unique_ptr<device::Executable> executable, bench.device->load(program));
  std::atomic<double> seconds = 0;
  KEEL_TRY(const Run run, run_samples(bench, *executable, samples, {}, false, stop, seconds));
  return figures_of(bench, run.scores, samples);
}

}  // namespace keel::engine
