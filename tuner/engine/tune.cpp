#include "tuner/engine/tune.h"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "compiler/base/version.h"
#include "profiler/simulator/known_figures.h"
#include "tuner/engine/cached_times.h"
#include "tuner/engine/certificates.h"
#include "tuner/engine/cost_terms.h"
#include "tuner/engine/few_samples.h"
#include "tuner/engine/first_look.h"
#include "tuner/engine/front_steps.h"
#include "tuner/engine/interrupt.h"
#include "tuner/engine/loop.h"
#include "tuner/engine/presets.h"
#include "tuner/engine/progress_text.h"
#include "tuner/engine/question.h"
#include "tuner/engine/roundings.h"
#include "tuner/engine/study_result.h"
#include "tuner/report/compiler_command.h"
#include "tuner/report/range_record.h"
#include "tuner/report/report.h"
#include "tuner/search/strategies.h"

namespace keel::engine {
namespace {

using Clock = std::chrono::steady_clock;

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// Wall-clock seconds of each part of the run, for run.json.
class Phases {
 public:
  explicit Phases(Progress& progress) : progress_(progress) {}

  void enter(std::string_view name) {
    close();
    current_ = name;
    since_ = Clock::now();
    progress_.phase(name);
  }
  void close() {
    if (!current_.empty())
      seconds_.emplace_back(current_, std::chrono::duration<double>(Clock::now() - since_).count());
    current_.clear();
  }
  const std::vector<std::pair<std::string, double>>& seconds() const { return seconds_; }

 private:
  Progress& progress_;
  std::string current_;
  Clock::time_point since_;
  std::vector<std::pair<std::string, double>> seconds_;
};

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

std::vector<accuracy::Port> input_ports(const ir::Graph& graph) {
  std::vector<accuracy::Port> ports;
  for (const ir::ValueId input : graph.inputs())
    ports.push_back({graph[input].name, graph[input].type});
  return ports;
}

std::vector<std::string> output_names(const ir::Graph& graph) {
  std::vector<std::string> names;
  for (const ir::ValueId output : graph.outputs()) names.push_back(graph[output].name);
  return names;
}

// Everything about a run that the search itself does not change.
struct Setting {
  Target target;
  accuracy::Dataset data;
  accuracy::Split split;
  Reference reference;
  std::vector<std::vector<report::RangeFinding>> suspicions;
  std::vector<Pole> poles;
  search::Space space;
  std::optional<EarlierStudy> earlier;
};

std::vector<study::UnitRecord> unit_records(const Setting& setting) {
  std::vector<study::UnitRecord> records;
  for (std::size_t u = 0; u < setting.target.units.size(); ++u) {
    const UnitFacts& unit = setting.target.units[u];
    std::vector<std::string> suspicions;
    for (const report::RangeFinding& finding : setting.suspicions[u])
      suspicions.push_back(report::to_record(finding));
    records.push_back({unit.name,
                       unit.nodes,
                       unit.state,
                       unit.reason,
                       unit.positions,
                       unit.ascend_types,
                       std::move(suspicions),
                       {},
                       unit.follows,
                       unit.gang});
  }
  for (const Pole& pole : setting.poles)
    for (const search::UnitIndex unit : pole.group.units)
      records[unit].poles.push_back({pole.name, pole.group.floor_is_lost});
  return records;
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

Result<Setting> make_setting(const TuneOptions& options, Target target, std::stop_token stop,
                             Phases& phases) {
  KEEL_TRY(
      accuracy::Dataset data,
      accuracy::load_dataset(options.data, input_ports(target.prepared.graph()), options.labels));
  for (const accuracy::Requirement& requirement : options.requirements)
    if (requirement.metric->needs_labels && data.labels.empty())
      return Error{ErrorCode::InvalidConfig,
                   std::string(requirement.metric->name) + " needs labels, the data has none",
                   options.data.string(), "give --labels FILE, or put labels.json beside the data"};
  accuracy::Split split = accuracy::split_samples(data.samples.size(), options.seed);
  phases.enter("reference");
  KEEL_TRY(const std::vector<Rounding> roundings, find_roundings(target));
  KEEL_TRY(Reference reference,
           run_reference(target, data, split, lowered_dtypes(target, roundings), std::move(stop)));
  std::vector<std::vector<report::RangeFinding>> why =
      suspicions(target, roundings, reference.ranges);
  std::vector<bool> suspects;
  for (const std::vector<report::RangeFinding>& findings : why)
    suspects.push_back(!findings.empty());
  std::vector<Pole> poles = find_poles(target, reference.ranges);
  KEEL_TRY(search::Space space, make_space(target, suspects, poles));
  std::optional<EarlierStudy> earlier;
  if (options.from) {
    KEEL_TRY(earlier, read_earlier_study(*options.from, target, options.model.mode));
    for (std::size_t u = 0; u < space.units.size(); ++u)
      space.units[u].earlier_squared_error = earlier->lone_squared_error[u];
  }
  return Setting{std::move(target), std::move(data),  std::move(split), std::move(reference),
                 std::move(why),    std::move(poles), std::move(space), std::move(earlier)};
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
  SampleOutputs reference{{}, output_names(setting.target.prepared.graph()), {}};
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

void note_evaluations(const EvaluationTimes& times, const program::ResultMemo::Counts& cache,
                      report::RunFacts& facts) {
  using enum search::Phase;
  for (const search::Phase phase : {Anchor, Probe, Front, Fill, Refine}) {
    const EvaluationTimes::Sum sum = times.of(phase);
    if (sum.trials > 0)
      facts.evaluations.push_back({std::string(search::name(phase)), sum.trials, sum.seconds});
  }
  facts.first_trial_seconds = times.first_trial_seconds();
  facts.cache_hits = cache.hits;
  facts.cache_misses = cache.misses;
  facts.cache_remade = cache.remade;
  facts.cache_evictions = cache.evictions;
}

Result<TuneReport> tune_here(const TuneOptions& options, Progress& progress) {
  const InterruptGuard interrupt;
  Phases phases(progress);
  report::RunFacts facts;
  facts.started = utc_now();
  const Clock::time_point begin = Clock::now();

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
           accuracy::output_metrics(options.requirements, output_names(target.prepared.graph())));
  TuneOptions resolved = options;
  KEEL_TRY(const Preset preset, find_preset(options.preset));
  KEEL_TRY_STATUS(make_writable_folder(options.output));
  KEEL_TRY(report::CompilerCommand command, compiler_command(options, target));
  CachedTimes cached(target.soc, options.model.kernel_cache);
  KEEL_TRY(const std::unique_ptr<device::Device> device,
           device::open_device(options.device, target.soc, &cached.times()));
  KEEL_TRY(const search::StrategyKind kind, search::find_strategy(options.strategy));

  phases.enter("reading the data");
  const std::size_t memo_budget = options.memo_bytes.value_or(quarter_of_memory());
  program::ResultMemo memo(memo_budget);
  KEEL_TRY(const Setting setting,
           make_setting(options, std::move(target), interrupt.token(), phases));
  KEEL_TRY(const std::size_t default_trials, kind.default_trials(setting.space));
  if (resolved.max_trials == 0)
    resolved.max_trials = preset.name == presets().front().name
                              ? default_trials
                              : preset.trials(setting.target.free_units());
  const study::Question question = make_question(resolved, setting.target, setting.data,
                                                 setting.earlier ? &*setting.earlier : nullptr);
  const std::vector<study::UnitRecord> units = unit_records(setting);
  KEEL_TRY(study::Study study, study::Study::open(options.output, question, units,
                                                  accuracy::figure_names(resolved.requirements)));
  if (options.cann) {
    command.cann = *options.cann;
  } else {
    KEEL_TRY(const study::Command before, study.command());
    KEEL_TRY(command.cann, report::cann_of(before));
  }
  KEEL_TRY_STATUS(study.set_command(report::to_record(command)));
  facts.trials_resumed = study.trials().size();
  progress.note(introduction(setting.target, setting.split, resolved, facts.trials_resumed));
  if (setting.earlier) progress.note(earlier_note(*setting.earlier, setting.space));

  KEEL_TRY(const std::unique_ptr<Check> check, make_check(resolved, setting));
  EvaluationTimes times;
  accuracy::ProbingSamples probing;
  const Bench bench{&setting.target,
                    &setting.data,
                    &setting.reference,
                    &setting.split,
                    &resolved.requirements,
                    device.get(),
                    memo_budget > 0 ? &memo : nullptr,
                    &times,
                    output_figures,
                    check.get(),
                    resolved.goal,
                    resolved.confidence,
                    resolved.seed,
                    &probing,
                    telling_samples(setting.suspicions)};
  const auto strategy =
      kind.make(setting.space, {resolved.seed, resolved.max_trials, resolved.goal});
  warn_of_few_samples(resolved, setting.split.validation.size(), progress);
  phases.enter("timing one evaluation");
  if (Result<FirstLook> look = first_look(bench, setting.space, interrupt.token()); look.ok()) {
    probing = std::move(look->probing);
    if (facts.trials_resumed == 0)
      progress.note((options.max_trials == 0 ? "preset " + options.preset + ": " : "") +
                    estimate(resolved.max_trials, look->seconds));
    if (!probing.empty()) progress.note(probing_note(probing, setting.split));
  }
  phases.enter("search");
  ProgressText text(facts.trials_resumed, resolved.max_trials, resolved.goal, setting.space);
  KEEL_TRY_STATUS(
      run_loop(bench, *strategy, study, interrupt.token(),
               [&](const study::Study& now) { progress.show(text.line(now.trials())); }));

  phases.enter("report");
  KEEL_TRY(report::TuneResult result, make_result(resolved, setting, question, study.trials()));
  result.finished = !interrupt.token().stop_requested();
  result.owners_layout = command.owners_layout;
  result.time_error = device->capabilities().time_error;
  if (result.time_error > 0) {  // latencies are predicted
    KEEL_TRY(result.front_steps, front_steps(setting.target, result.trials, result.front));
  }
  if (result.finished) {
    KEEL_TRY_STATUS(score_hold_out(bench, interrupt.token(), result));
    result.certificates = certificates(setting.space, result);
  }
  if (check && !check->complaint().empty())
    progress.note("the check was not met with " + check->complaint() +
                  ": see whether it failed by itself, which counts as not met");
  const CachedTimes::Remarks remarks = cached.keep();
  for (const std::string& note : remarks.notes) progress.note(note);
  for (const Error& warning : remarks.warnings) progress.note(to_warning_text(warning));
  phases.close();
  facts.finished = utc_now();
  facts.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  facts.host = host_name();
  facts.jobs = job_count(options.jobs);
  facts.trials_run = study.trials().size() - facts.trials_resumed;
  facts.keel_version = std::string(version());
  facts.command_line = options.command_line;
  facts.phase_seconds = phases.seconds();
  note_evaluations(times, memo.counts(), facts);
  KEEL_TRY_STATUS(report::write_all(options.output, result, command, facts));
  const Ending ending = ending_of(result);
  return TuneReport{ending, std::move(result), "", command.cann};
}

}  // namespace

Result<TuneReport> tune(TuneOptions options, Progress& progress) {
  const int jobs = job_count(options.jobs);
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(jobs));
  tbb::task_arena arena(jobs);
  return arena.execute([&] { return tune_here(options, progress); });
}

}  // namespace keel::engine
