#include "tuner/engine/tune.h"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "compiler/base/version.h"
#include "profiler/simulator/known_figures.h"
#include "tuner/engine/cached_times.h"
#include "tuner/engine/certificates.h"
#include "tuner/engine/choose_batches.h"
#include "tuner/engine/few_samples.h"
#include "tuner/engine/first_look.h"
#include "tuner/engine/front_steps.h"
#include "tuner/engine/interrupt.h"
#include "tuner/engine/loop.h"
#include "tuner/engine/non_finite_outputs.h"
#include "tuner/engine/owner_files.h"
#include "tuner/engine/ports.h"
#include "tuner/engine/presets.h"
#include "tuner/engine/progress_text.h"
#include "tuner/engine/question.h"
#include "tuner/engine/roundings.h"
#include "tuner/engine/run_facts.h"
#include "tuner/engine/setting.h"
#include "tuner/engine/study_result.h"
#include "tuner/report/compiler_command.h"
#include "tuner/report/report.h"
#include "tuner/search/free_units.h"
#include "tuner/search/strategies.h"

namespace keel::engine {
namespace {

using Clock = std::chrono::steady_clock;

int job_count(int asked) { return asked > 0 ? asked : tbb::this_task_arena::max_concurrency(); }

std::size_t quarter_of_memory() {
  const auto pages = static_cast<std::size_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 4;
}

std::string input_shape_text(const ir::Graph& graph) {
  std::string text;
  for (const ir::ValueId input : graph.inputs()) {
    const std::string shape = to_text(graph[input].type.shape);
    text += (text.empty() ? "" : ";") + graph[input].name + ":" + shape.substr(1, shape.size() - 2);
  }
  return text;
}

Result<report::TuneResult> make_result(const TuneOptions& options, const Setting& setting,
                                       const study::Question& question,
                                       std::span<const study::TrialRecord> records) {
  KEEL_TRY(report::TuneResult result,
           study_result(question, unit_records(setting), options.requirements, options.goal,
                        options.confidence, records));
  result.split = setting.split;
  for (std::size_t u = 0; u < result.units.size(); ++u)
    result.units[u].unit_class = setting.target.units[u].unit_class;
  return result;
}

// What atc is to be given; a copy with unique names where the file has none.
Result<report::CompilerCommand> compiler_command(const TuneOptions& options, const Target& target) {
  report::CompilerCommand command;
  command.model = std::filesystem::absolute(options.model.model).lexically_normal();
  if (target.source.needs_named_copy) {
    std::vector<std::string> names;
    for (const ir::Origin& origin : target.source.graph.origins()) names.push_back(origin.name);
    KEEL_TRY_STATUS(
        onnx_io::write_named_copy(options.model.model, options.output / "named.onnx", names));
    command.model = "named.onnx";
  }
  command.input_shape = input_shape_text(target.prepared.graph());
  command.soc_version = target.soc.name;
  command.precision_mode = std::string(ascend::name(options.model.mode));
  command.passed_on = options.model.passed_on;
  command.owners_layout = target.lone_layout;
  for (const OwnerFile& file : target.files)
    command.evaluated_files.emplace_back(
        file.option, std::filesystem::absolute(file.path).lexically_normal().string());
  if (target.soc.cube_hf32) command.allow_hf32 = ascend::to_text(options.model.hf32);
  return command;
}

// Null where there is none.
Result<std::unique_ptr<Check>> make_check(const TuneOptions& options, const Setting& setting) {
  if (!options.check) return std::unique_ptr<Check>();
  SampleOutputs reference;
  for (accuracy::Port& output : output_ports(setting.target.prepared.graph()))
    reference.outputs.push_back(std::move(output.name));
  for (const std::size_t s : setting.split.validation) {
    reference.samples.push_back(setting.data.samples[s].name);
    reference.tensors.push_back(setting.reference.outputs[s]);
  }
  return Check::make(*options.check, reference);
}

Status score_hold_out(const Bench& bench, const std::stop_token& stop, report::TuneResult& result) {
  if (!result.recommended || bench.split->hold_out.empty()) return Done{};
  const study::TrialRecord& chosen = result.trials[*result.recommended];
  if (chosen.trial.outcome.state == search::TrialState::Failed) return Done{};
  KEEL_TRY(Figures figures,
           score_samples(bench, chosen.trial.assignment, bench.split->hold_out, stop));
  result.hold_out_met = violation(bench, figures) <= 0;
  result.hold_out = std::move(figures.values);
  result.hold_out_lo = std::move(figures.lo);
  result.hold_out_hi = std::move(figures.hi);
  return Done{};
}

Ending ending_of(const report::TuneResult& result) {
  if (!result.finished) return Ending::Interrupted;
  return result.requirements_met ? Ending::Done : Ending::RequirementsNotMet;
}

// What the study says in the end; where it was not interrupted, also on the samples held out, and
// how far the recommendation may be from the best.
Result<report::TuneResult> conclude(const TuneOptions& options, const Setting& setting,
                                    const study::Question& question, const study::Study& study,
                                    const Bench& bench, const std::stop_token& stop) {
  KEEL_TRY(report::TuneResult result, make_result(options, setting, question, study.trials()));
  result.finished = !stop.stop_requested();
  result.owners_layout = setting.target.lone_layout;
  result.time_error = bench.device->capabilities().time_error;
  if (result.time_error > 0) {  // latencies are predicted
    KEEL_TRY(result.front_steps, front_steps(setting.target, result.trials, result.front));
  }
  if (!result.finished) return result;
  KEEL_TRY_STATUS(score_hold_out(bench, stop, result));
  result.certificates = certificates(setting.space, result);
  return result;
}

// How many trials a run may take. An error where the strategy cannot search the space at all.
Result<std::size_t> most_trials(const TuneOptions& options, const search::StrategyKind& kind,
                                const Setting& setting) {
  KEEL_TRY(const Preset preset, find_preset(options.preset));
  KEEL_TRY(const std::size_t default_trials, kind.default_trials(setting.space));
  if (options.max_trials > 0) return options.max_trials;
  const bool is_default = preset.name == presets().front().name;
  return is_default ? default_trials : preset.trials(search::count_choices(setting.space));
}

// The study in the folder, with what the compiler is to be given: for the CANN that is asked for,
// else the one the study was for.
Result<study::Study> open_study(const TuneOptions& options, const Setting& setting,
                                const study::Question& question, report::CompilerCommand& command) {
  KEEL_TRY(study::Study study, study::Study::open(options.output, question, unit_records(setting),
                                                  accuracy::figure_names(options.requirements)));
  if (options.cann) {
    command.cann = *options.cann;
  } else {
    KEEL_TRY(const study::Command before, study.command());
    KEEL_TRY(command.cann, report::cann_of(before));
  }
  KEEL_TRY_STATUS(study.set_command(report::to_record(command)));
  return study;
}

Result<TuneReport> tune_here(const TuneOptions& options, Progress& progress, const Beside& beside) {
  const InterruptGuard interrupt;
  Phases phases(progress);
  report::RunFacts facts;
  facts.started = utc_now();
  const Clock::time_point begin = Clock::now();

  KEEL_TRY_STATUS(check_none_replaced(options.model, options.output));
  phases.enter("reading the model");
  KEEL_TRY(Target target, open_target(options.model, options.data));
  for (const std::string& note : target.notes) progress.note(note);
  for (const Error& warning : target.warnings) progress.note(to_warning_text(warning));
  if (target.free_units() == 0) {
    phases.close();
    return TuneReport{Ending::NothingToSearch, {}, nothing_to_search(target), {}};
  }
  KEEL_TRY_STATUS(simulator::check_predictable(target.soc));  // whatever measures: the search does
  if (const std::optional<Error> warning = simulator::extrapolation_warning(target.soc))
    progress.note(to_warning_text(*warning));
  KEEL_TRY(const std::vector<accuracy::OutputMetric> output_figures,
           accuracy::output_metrics(options.requirements, output_ports(target.prepared.graph())));
  TuneOptions resolved = options;
  KEEL_TRY_STATUS(find_preset(options.preset));
  KEEL_TRY_STATUS(make_writable_folder(options.output));
  if (std::error_code code; std::filesystem::exists(options.output / "modes.json", code))
    return Error{ErrorCode::InvalidConfig, "the folder holds a run of several modes",
                 options.output.string(), "give another --output for a run of one mode"};
  KEEL_TRY(report::CompilerCommand command, compiler_command(options, target));
  CachedTimes cached(target.soc, options.model.kernel_cache);
  KEEL_TRY(const std::unique_ptr<device::Device> device,
           device::open_device(options.device, target.soc, &cached.times()));
  KEEL_TRY(const search::StrategyKind kind, search::find_strategy(options.strategy));

  phases.enter("reading the data");
  std::optional<program::ResultMemo> own_memo;
  if (beside.memo == nullptr && memo_budget(options) > 0) own_memo.emplace(memo_budget(options));
  program::ResultMemo* const memo = own_memo ? &*own_memo : beside.memo;
  KEEL_TRY(const Setting setting,
           make_setting(options, std::move(target), interrupt.token(), phases));
  KEEL_TRY(resolved.max_trials, most_trials(options, kind, setting));
  const study::Question question =
      make_question(resolved, setting.target, setting.data,
                    setting.earlier ? &*setting.earlier : nullptr, beside.rivals);
  KEEL_TRY(study::Study study, open_study(resolved, setting, question, command));
  facts.trials_resumed = study.trials().size();
  progress.note(introduction(setting, resolved, facts.trials_resumed));
  if (setting.earlier) progress.note(earlier_note(*setting.earlier, setting.space));
  if (const std::optional<Error> warning = non_finite_outputs(
          setting.target.prepared.graph(), setting.data, setting.reference.outputs))
    progress.note(to_warning_text(*warning));

  KEEL_TRY(const std::unique_ptr<Check> check, make_check(resolved, setting));
  EvaluationTimes times;
  KnownScores known;
  accuracy::ProbingSamples probing;
  std::vector<std::size_t> worst_first;
  Bench bench{.target = &setting.target,
              .data = &setting.data,
              .reference = &setting.reference,
              .split = &setting.split,
              .requirements = &resolved.requirements,
              .device = device.get(),
              .memo = memo,
              .times = &times,
              .known = &known,
              .output_metrics = output_figures,
              .check = check.get(),
              .goal = resolved.goal,
              .confidence = resolved.confidence,
              .seed = resolved.seed,
              .probing = &probing,
              .worst_first = &worst_first,
              .telling = telling_samples(setting.suspicions)};
  const auto strategy =
      kind.make(setting.space, {resolved.seed, resolved.max_trials, resolved.goal, beside.rivals});
  warn_of_few_samples(resolved, setting.split.validation.size(), progress);
  phases.enter("timing one evaluation");
  std::unique_ptr<const SampleBatches> batches;
  if (Result<FirstLook> look = first_look(bench, setting.space, interrupt.token()); look.ok()) {
    probing = std::move(look->probing);
    worst_first = std::move(look->worst_first);
    batches = choose_batches(bench, setting.space, options.model, options.data,
                             options.batch_samples, interrupt.token());
    bench.batches = batches.get();
    const double seconds = look->seconds * (batches ? batches->time_ratio() : 1);
    if (facts.trials_resumed == 0)
      progress.note((options.max_trials == 0 ? "preset " + options.preset + ": " : "") +
                    estimate(resolved.max_trials, seconds));
    if (!probing.empty()) progress.note(probing_note(probing, setting.split));
    if (batches) progress.note(batches_note(*batches));
  }
  phases.enter("search");
  ProgressText text(facts.trials_resumed, resolved.max_trials, resolved.goal, setting.space);
  KEEL_TRY_STATUS(
      run_loop(bench, *strategy, study, interrupt.token(),
               [&](const study::Study& now) { progress.show(text.line(now.trials())); }));

  phases.enter("report");
  KEEL_TRY(report::TuneResult result,
           conclude(resolved, setting, question, study, bench, interrupt.token()));
  if (check && !check->complaint().empty())
    progress.note("the check was not met with " + check->complaint() +
                  ": see whether it failed by itself, which counts as not met");
  if (batches && !batches->are_trusted())
    progress.note(
        "note: a variant gave other bits in a batch than alone; from then on samples ran alone");
  const CachedTimes::Remarks remarks = cached.keep();
  for (const std::string& note : remarks.notes) progress.note(note);
  for (const Error& warning : remarks.warnings) progress.note(to_warning_text(warning));
  phases.close();
  facts.finished = utc_now();
  facts.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  facts.host = host_name();
  facts.jobs = job_count(options.jobs);
  facts.batch_samples = batches ? batches->size() : 1;
  facts.trials_run = study.trials().size() - facts.trials_resumed;
  facts.keel_version = std::string(version());
  facts.command_line = options.command_line;
  facts.phase_seconds = phases.seconds();
  note_evaluations(times, memo != nullptr ? memo->counts() : program::ResultMemo::Counts{}, facts);
  KEEL_TRY_STATUS(report::write_all(options.output, result, command, facts));
  const Ending ending = ending_of(result);
  return TuneReport{ending, std::move(result), "", std::move(command)};
}

}  // namespace

std::size_t memo_budget(const TuneOptions& options) {
  return options.memo_bytes.value_or(quarter_of_memory());
}

Result<TuneReport> tune(TuneOptions options, Progress& progress, const Beside& beside) {
  const int jobs = job_count(options.jobs);
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(jobs));
  tbb::task_arena arena(jobs);
  return arena.execute([&] { return tune_here(options, progress, beside); });
}

}  // namespace keel::engine
