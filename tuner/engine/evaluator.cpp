#include "tuner/engine/evaluator.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <limits>

#include "compiler/base/error_text.h"
#include "profiler/measure/measure.h"

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

Result<SampleScore> run_sample(const Bench& bench, device::Executable& executable, std::size_t s,
                               bool expects_reuse) {
  KEEL_TRY(const std::vector<Tensor> outputs,
           executable.run(bench.data->samples[s].inputs, {bench.memo, expects_reuse}));
  std::optional<std::int64_t> label;
  if (!bench.data->labels.empty()) label = bench.data->labels[s];
  return accuracy::score({outputs, bench.reference->outputs[s], label});
}

// Scores of the given samples, indexed as Dataset::samples; the others are left empty. `seconds`
// grows by the time of each, whichever thread ran it.
Result<std::vector<SampleScore>> run_samples(const Bench& bench, device::Executable& executable,
                                             const std::vector<std::size_t>& samples,
                                             bool expects_reuse, const std::stop_token& stop,
                                             std::atomic<double>& seconds) {
  std::vector<SampleScore> scores(bench.data->samples.size());
  std::vector<std::optional<Error>> errors(samples.size());
  tbb::parallel_for(std::size_t{0}, samples.size(), [&](std::size_t i) {
    if (stop.stop_requested()) {
      errors[i] = Error{ErrorCode::DeviceFailed, "the run was stopped", "", ""};
      return;
    }
    const double start = thread_seconds();
    Result<SampleScore> score = run_sample(bench, executable, samples[i], expects_reuse);
    seconds += thread_seconds() - start;
    if (score.ok()) {
      scores[samples[i]] = *std::move(score);
    } else {
      errors[i] = std::move(score).error();
    }
  });
  for (std::optional<Error>& error : errors)
    if (error) return *std::move(error);
  return scores;
}

void fail(Job& job, const Error& error) {
  job.record.trial.outcome = {search::TrialState::Failed, 0.0, 0.0,
                              std::numeric_limits<double>::infinity()};
  job.record.error = error.what + (error.where.empty() ? "" : " at " + error.where);
  job.executable.reset();
}

}  // namespace

double violation(const Bench& bench, const study::MetricValues& values) {
  double worst = -std::numeric_limits<double>::infinity();
  for (const accuracy::Requirement& requirement : *bench.requirements) {
    const auto metric = static_cast<std::size_t>(requirement.metric - accuracy::metrics().data());
    worst = std::max(worst, accuracy::violation(requirement, values[metric]));
  }
  return worst;
}

void compile(const Bench& bench, Job& job) {
  if (job.recorded) return;
  Result<std::shared_ptr<const program::Program>> program =
      make_program(bench, job.record.trial.assignment);
  if (!program.ok()) return fail(job, program.error());
  job.program = *std::move(program);
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
  const Result<std::vector<SampleScore>> scores =
      run_samples(bench, *job.executable, samples, expects_reuse, stop, seconds);
  if (bench.times != nullptr)
    bench.times->add(job.record.trial.number, job.record.trial.phase, seconds);
  if (stop.stop_requested()) {
    job.cancelled = true;
    return;
  }
  if (!scores.ok()) return fail(job, scores.error());

  job.record.ranking = accuracy::aggregate(*scores, bench.split->ranking);
  job.record.validation = accuracy::aggregate(*scores, bench.split->validation);
  search::Outcome& outcome = job.record.trial.outcome;
  outcome.violation = violation(bench, job.record.validation);
  double squared_error = 0;
  for (const std::size_t s : bench.split->ranking)
    squared_error += (*scores)[s].squared_relative_l2;
  outcome.squared_error = squared_error / static_cast<double>(bench.split->ranking.size());
  const bool non_finite =
      std::ranges::any_of(samples, [&](std::size_t s) { return (*scores)[s].non_finite; });
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

Result<study::MetricValues> score_samples(const Bench& bench, const search::Assignment& assignment,
                                          const std::vector<std::size_t>& samples,
                                          const std::stop_token& stop) {
  KEEL_TRY(const std::shared_ptr<const program::Program> program, make_program(bench, assignment));
  KEEL_TRY(const std::unique_ptr<device::Executable> executable, bench.device->load(program));
  std::atomic<double> seconds = 0;
  KEEL_TRY(const std::vector<SampleScore> scores,
           run_samples(bench, *executable, samples, false, stop, seconds));
  return accuracy::aggregate(scores, samples);
}

}  // namespace keel::engine
