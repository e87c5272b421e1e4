#include "tuner/engine/evaluator.h"

#include <cmath>
#include <limits>
#include <utility>

#include "compiler/base/error_text.h"
#include "profiler/measure/measure.h"
#include "tuner/engine/kernel_row.h"
#include "tuner/engine/sample_runner.h"
#include "tuner/engine/trial_samples.h"
#include "tuner/search/bounds.h"

namespace keel::engine {
namespace {

using accuracy::SampleScore;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

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

void fail(Job& job, const Error& error) {
  job.record.trial.outcome = {search::TrialState::Failed, 0.0, 0.0, kInfinity};
  job.record.error = error.what + (error.where.empty() ? "" : " at " + error.where);
  job.executable.reset();
}

}  // namespace

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
  // Probes share much with an anchor. What a refinement is the first to compute, few others ask
  // for.
  const search::Phase phase = job.record.trial.phase;
  const bool expects_reuse = phase == search::Phase::Anchor;
  const bool keeps_outputs = bench.check != nullptr;
  SampleRunner runner(bench, job.record.trial.assignment, *job.executable,
                      keeps_outputs ? bench.split->validation : std::vector<std::size_t>{},
                      expects_reuse, stop,
                      bench.known != nullptr ? bench.known->take(job.record.trial.assignment)
                                             : KnownScores::Scores());
  const Status ran = run_and_score(bench, runner, job.samples, job.slowest_us, job.record);
  job.executable.reset();
  if (bench.times != nullptr) bench.times->add(job.record.trial.number, phase, runner.seconds());
  if (stop.stop_requested()) {
    job.cancelled = true;
    return;
  }
  if (!ran.ok()) return fail(job, ran.error());
  if (bench.known != nullptr && job.record.trial.outcome.state == search::TrialState::Partial)
    bench.known->keep(job.record.trial.assignment, runner.result().scores);
  if (keeps_outputs && search::is_verified(job.record.trial.outcome))
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
  if (!search::is_verified(outcome) || outcome.violation > 0) return;
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
    outcome.violation = violation(bench, job.record);
  }
}

Result<std::vector<SampleScore>> run_samples(const Bench& bench,
                                             const search::Assignment& assignment,
                                             const std::vector<std::size_t>& samples,
                                             const std::stop_token& stop) {
  KEEL_TRY(const std::shared_ptr<const program::Program> program, make_program(bench, assignment));
  KEEL_TRY(const std::unique_ptr<device::Executable> executable, bench.device->load(program));
  SampleRunner runner(bench, assignment, *executable, {}, false, stop);
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
