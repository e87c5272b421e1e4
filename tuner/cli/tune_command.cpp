#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "profiler/device/device.h"
#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/presets.h"
#include "tuner/engine/tune.h"
#include "tuner/engine/tune_modes.h"
#include "tuner/report/modes.h"
#include "tuner/report/report.h"
#include "tuner/search/strategies.h"

namespace keel::cli {
namespace {

constexpr const char* kDefaultRequirement = "relative_l2<=0.01";

struct TuneFlags {
  ModelFlags model;
  bool search_hf32 = false, search_bf16 = false, whole_front = false;
  std::string data, labels, output, cann, from;
  std::vector<std::string> require;
  std::optional<double> max_latency_us, min_speedup;
  std::optional<int> max_casts;
  std::optional<double> confidence;
  std::optional<std::string> preset;
  std::string check;
  std::optional<std::string> check_bound;
  std::optional<double> check_timeout;
  std::vector<std::string> gang, lower;
  std::string device, strategy;
  std::uint64_t seed = 0;
  std::size_t max_trials = 0;
  int jobs = 0;
  std::size_t batch_samples = engine::TuneOptions().batch_samples;
  std::optional<std::size_t> cache_mb;
};

// A bound on latency makes the error what is to be small.
Result<search::Goal> goal_of(const TuneFlags& flags) {
  search::Goal goal;
  for (const auto& [name, bound] : {std::pair{"--max_latency_us", &flags.max_latency_us},
                                    std::pair{"--min_speedup", &flags.min_speedup}}) {
    if (!*bound) continue;
    goal.aim = search::Aim::Error;
    if (!(**bound > 0) || std::isinf(**bound))
      return Error{ErrorCode::InvalidConfig,
                   fmt::format("a bound of {} is not a number above 0", **bound), name,
                   "give one, such as 150 for --max_latency_us or 1.2 for --min_speedup"};
  }
  goal.max_latency_us = flags.max_latency_us;
  goal.min_speed_up = flags.min_speedup;
  if (flags.max_casts && *flags.max_casts < 0)
    return Error{ErrorCode::InvalidConfig,
                 fmt::format("a variant cannot have {} casts at most", *flags.max_casts),
                 "--max_casts", "give 0 or more"};
  goal.max_casts = flags.max_casts;
  goal.whole_front = flags.whole_front;
  return goal;
}

Result<std::optional<engine::CheckCommand>> check_of(const TuneFlags& flags) {
  if (flags.check.empty()) {
    if (!flags.check_bound && !flags.check_timeout) return std::optional<engine::CheckCommand>();
    return Error{ErrorCode::InvalidConfig, "there is no check to which this belongs",
                 flags.check_bound ? "--check_bound" : "--check_timeout",
                 "give --check 'COMMAND {outputs} {reference}', or leave it out"};
  }
  engine::CheckCommand check{flags.check};
  KEEL_TRY_STATUS(check_form(check));
  if (flags.check_bound) {
    KEEL_TRY(check.bound, accuracy::parse_bound(*flags.check_bound, "--check_bound"));
  }
  if (flags.check_timeout) {
    constexpr double kMostSeconds = 1e6;
    if (!(*flags.check_timeout > 0 && *flags.check_timeout <= kMostSeconds))
      return Error{ErrorCode::InvalidConfig,
                   fmt::format("{} is no number of seconds above 0 and up to {:.0f}",
                               *flags.check_timeout, kMostSeconds),
                   "--check_timeout", "give the longest time one check may take, such as 600"};
    check.timeout = std::chrono::milliseconds(
        static_cast<std::int64_t>(std::ceil(*flags.check_timeout * 1000)));
  }
  return std::optional(std::move(check));
}

// Of several modes the options are those of the first.
Result<engine::TuneOptions> parse(const TuneFlags& flags,
                                  const std::vector<ascend::PrecisionMode>& modes) {
  engine::TuneOptions options;
  ModelFlags model = flags.model;
  if (modes.size() > 1) {
    if (!flags.from.empty())
      return Error{ErrorCode::InvalidConfig, "an earlier study is of one mode", "--from",
                   "name one --precision_mode, or leave it out: the modes take from each other"};
    model.precision_mode = ascend::name(modes.front());
    model.precision_mode_v2.reset();
  }
  KEEL_TRY(options.model, model.parse());
  options.model.gang = flags.gang;
  options.model.lower = flags.lower;
  options.data = flags.data;
  if (flags.search_hf32 && flags.search_bf16)
    return Error{ErrorCode::InvalidConfig, "a search has one format beside fp32 and the mode's",
                 "--search_hf32, --search_bf16", "leave out one of the two"};
  if (flags.search_hf32) options.model.format = engine::Format::Hf32;
  if (flags.search_bf16) options.model.format = engine::Format::Bf16;
  if (flags.search_hf32 && !flags.model.allow_hf32.empty())
    return Error{ErrorCode::InvalidConfig,
                 "--search_hf32 chooses product by product what this "
                 "fixes for all",
                 "--allow_hf32", "leave out one of the two"};
  if (!flags.labels.empty()) options.labels = flags.labels;
  options.output = flags.output;
  if (!flags.cann.empty()) {
    KEEL_TRY(options.cann, ascend::cann_named(flags.cann));
  }
  KEEL_TRY(options.goal, goal_of(flags));
  std::vector<std::string> require = flags.require;
  if (require.empty() && options.goal.aim == search::Aim::Latency)
    require.emplace_back(kDefaultRequirement);
  for (const std::string& text : require) {
    KEEL_TRY(accuracy::Requirement requirement, accuracy::parse_requirement(text));
    options.requirements.push_back(std::move(requirement));
  }
  if (flags.confidence && !(*flags.confidence > 0.5 && *flags.confidence < 1))
    return Error{ErrorCode::InvalidConfig,
                 fmt::format("a confidence of {} is not between 0.5 and 1", *flags.confidence),
                 "--confidence", "give one such as 0.95"};
  options.confidence = flags.confidence;
  KEEL_TRY(options.check, check_of(flags));
  if (options.check) options.requirements.push_back(requirement_of(*options.check));
  if (!flags.device.empty() && flags.device.find_first_not_of("0123456789") == std::string::npos)
    return Error{
        ErrorCode::InvalidConfig,
        "--device names what profiles; '" + flags.device + "' is a chip number, as aoe takes",
        "--device", "leave it out, or give a kind of device: 'keel tune --help' lists them"};
  options.device = flags.device;
  options.strategy = flags.strategy;
  if (flags.whole_front && flags.strategy != search::strategies().front().name)
    return Error{ErrorCode::InvalidConfig,
                 "the strategy '" + flags.strategy + "' searches the same way whatever the goal",
                 "--whole_front", "leave it out, or leave out --strategy"};
  options.seed = flags.seed;
  if (!flags.from.empty()) options.from = flags.from;
  options.max_trials = flags.max_trials;
  if (flags.preset) {
    KEEL_TRY(const engine::Preset preset, engine::find_preset(*flags.preset));
    options.preset = preset.name;
    if (flags.max_trials > 0)
      return Error{ErrorCode::InvalidConfig,
                   fmt::format("both the preset '{}' and {} trials are asked for", preset.name,
                               flags.max_trials),
                   "--preset", "give one of --preset and --max_trials"};
  }
  options.jobs = flags.jobs;
  options.batch_samples = flags.batch_samples;
  if (flags.cache_mb) options.memo_bytes = *flags.cache_mb << 20;
  return options;
}

int exit_code(engine::Ending ending) {
  switch (ending) {
    case engine::Ending::Done:
    case engine::Ending::NothingToSearch:
      return kExitDone;
    case engine::Ending::RequirementsNotMet:
      return kExitRequirementsNotMet;
    case engine::Ending::Interrupted:
      return kExitInterrupted;
  }
  return kExitDeviceFailed;
}

void print_files(const std::filesystem::path& folder, ascend::Cann cann, bool has_list,
                 const char* report) {
  const std::filesystem::path output = std::filesystem::absolute(folder);
  if (has_list) std::printf("\nkeep list  %s\n", (output / report::keep_list_name(cann)).c_str());
  std::printf("report     %s\n", (output / report).c_str());
  if (has_list) std::printf("command    %s\n", (output / "atc.sh").c_str());
}

int run_tune_modes(engine::TuneOptions options, const std::vector<ascend::PrecisionMode>& modes) {
  Result<engine::ModesReport> report = [&] {
    engine::Progress progress(stderr);
    return engine::tune_modes(options, modes, progress);
  }();
  if (!report.ok()) return report_error(report.error());
  if (report->ending == engine::Ending::NothingToSearch) {
    std::printf("nothing to search under any of the modes\n");
    return kExitDone;
  }
  std::printf("%s", report::modes_table(report->modes).c_str());
  if (report->best)
    std::printf("\n%s:\n%s", report->modes[*report->best].mode.c_str(),
                report::table(report->modes[*report->best].result).c_str());
  print_files(options.output, report->cann, report->best.has_value(), "modes.json");
  return exit_code(report->ending);
}

int run_tune(const TuneFlags& flags, const std::vector<std::string>& arguments) {
  const Result<std::vector<ascend::PrecisionMode>> modes = flags.model.modes();
  if (!modes.ok()) return report_error(modes.error());
  Result<engine::TuneOptions> options = parse(flags, *modes);
  if (!options.ok()) return report_error(options.error());
  options->command_line = arguments;
  if (modes->size() > 1) return run_tune_modes(*std::move(options), *modes);

  Result<engine::TuneReport> report = [&] {
    engine::Progress progress(stderr);
    return engine::tune(*options, progress);
  }();
  if (!report.ok()) return report_error(report.error());
  if (report->ending == engine::Ending::NothingToSearch) {
    std::printf("%s\n", report->why_nothing.c_str());
    return kExitDone;
  }
  std::printf("%s", report::table(report->result).c_str());
  print_files(options->output, report->command.cann, report->result.recommended.has_value(),
              "result.json");
  return exit_code(report->ending);
}

std::string listing(auto entries) {
  std::string text;
  for (const auto& entry : entries)
    text += "\n  " + std::string(entry.name) + ": " + std::string(entry.summary);
  return text;
}

}  // namespace

Action declare_tune(CLI::App& app) {
  auto flags = std::make_shared<TuneFlags>();  // shared by CLI11's options and the action
  flags->device = device::device_kinds().front().name;
  flags->strategy = search::strategies().front().name;
  flags->model.declare(app);
  flags->model.declare_kernel_cache(app);
  app.add_option(
         "--data", flags->data,
         "samples: a folder of 000.npy (000.INPUT.npy for several inputs), 000.bin, or ONNX "
         "test_data_set_*")
      ->required()
      ->type_name("DIR");
  app.add_option("--labels", flags->labels, "class numbers, one per sample, as a JSON array")
      ->type_name("FILE");
  app.add_option("--require", flags->require,
                 "'METRIC<=X' or 'METRIC>=X', of one output 'OUTPUT:METRIC<=X', to be met by the "
                 "samples that rank and by those that validate; repeat for several (default " +
                     std::string(kDefaultRequirement) +
                     ", none with a bound on latency). Metrics:" + listing(accuracy::metrics()))
      ->type_name("RULE")
      ->take_all();
  app.add_flag("--search_hf32", flags->search_hf32,
               "kept products choose between HF32 and fp32 one by one, in place of --allow_hf32: "
               "three precisions in one search; writes op_precision_mode.ini beside the keep list");
  app.add_flag(
      "--search_bf16", flags->search_bf16,
      "operators in which fp16 loses elements may compute in bf16 in place of fp32, one by "
      "one: three precisions in one search; writes customize_dtypes.cfg beside the keep "
      "list");
  app.add_option("--confidence", flags->confidence,
                 "the worse end of a figure's interval at this confidence has to meet --require, "
                 "in place of the figure; without it the ends shown hold with 0.95 each")
      ->type_name("C");
  app.add_option(
         "--check", flags->check,
         "a command of yours that judges a variant, run by /bin/sh from this folder: {outputs} "
         "and {reference} become folders with 000.npy (000.OUTPUT.npy for several outputs) of the "
         "validation samples. Exit code 0: met, 1 to 125: not met. Run only for variants that "
         "meet everything else; files it names belong to the question of a study")
      ->type_name("COMMAND");
  app.add_option("--check_bound", flags->check_bound,
                 "'<=X' or '>=X': what the number must meet which --check prints in its last line; "
                 "an exit code that is not 0 is a miss all the same")
      ->type_name("BOUND");
  app.add_option("--check_timeout", flags->check_timeout,
                 "seconds after which a check is ended, and the run with it (default 600)")
      ->type_name("S");
  app.add_option("--max_latency_us", flags->max_latency_us,
                 "look for the least error at this latency or below, in place of the least latency "
                 "under --require, which holds all the same; the error is relative_l2 on the "
                 "ranking samples")
      ->type_name("US");
  app.add_option("--min_speedup", flags->min_speedup,
                 "the same with a bound on the speed-up over all kept; given with "
                 "--max_latency_us, both hold")
      ->type_name("RATIO");
  app.add_flag("--whole_front", flags->whole_front,
               "all trials of the default strategy go to the front of latency and error, none to "
               "the neighbours of the recommendation, which is chosen of the front all the same");
  app.add_option("--max_casts", flags->max_casts,
                 "casts at most in the compiled variant, as 'keel compile' counts them")
      ->type_name("N");
  app.add_option("--gang", flags->gang,
                 "nodes that must agree in precision: those whose whole name matches; repeat for "
                 "several gangs, those that share an operator are one")
      ->type_name("REGEX")
      ->take_all();
  app.add_option("--lower", flags->lower,
                 "nodes that no variant keeps: those whose whole name matches; repeat for several")
      ->type_name("REGEX")
      ->take_all();
  app.add_option("--output", flags->output, "where the study and the report go")
      ->required()
      ->type_name("DIR");
  app.add_option(
         "--cann", flags->cann,
         "release of CANN the files are for: 8 (up to 8.5: execeptionlist.cfg) or 9 "
         "(exceptionlist.cfg); where it is not given that of the run that is resumed, else 8")
      ->type_name("8|9");
  app.add_option("--device", flags->device, "what profiles:" + listing(device::device_kinds()))
      ->capture_default_str();
  app.add_option("--strategy", flags->strategy, "how to search:" + listing(search::strategies()))
      ->capture_default_str();
  app.add_option("--max_trials", flags->max_trials,
                 "trials at most, in place of a preset; 0: as the preset has it, of exhaustive all")
      ->capture_default_str();
  app.add_option("--preset", flags->preset,
                 "how many trials (default: default):" + listing(engine::presets()))
      ->type_name("NAME");
  app.add_option("--from", flags->from,
                 "the output folder of an earlier study, of this model before it was trained again "
                 "or of a sibling: units that it tried, by name and type, are probed only where "
                 "they are suspect, and some more to compare; the default strategy alone reads it")
      ->type_name("DIR");
  app.add_option("--jobs", flags->jobs, "threads; 0: one per processor")->capture_default_str();
  app.add_option("--batch_samples", flags->batch_samples,
                 "samples in one execution on the host at most, where the file leaves the first "
                 "extent of every input open, every bit is as one by one and it takes less time, "
                 "all of which is found out before the search; 1: one by one. Changes no result")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--seed", flags->seed, "of the sample split and the search")
      ->capture_default_str();
  app.add_option("--cache_mb", flags->cache_mb,
                 "memory for results that trials share, in MiB; 0: none are kept; a quarter of the "
                 "machine's where it is not given")
      ->type_name("MIB");
  app.footer(
      "The same command again resumes where it stopped. Ctrl-C writes what is known; a second one "
      "stops at once.\nWrites to DIR: execeptionlist.cfg, execeptionlist.reasons.json, front.csv, "
      "result.json, run.json, atc.sh, aoe.sh, study.db,\nand named.onnx where node names are "
      "missing or "
      "not unique. Several modes (--precision_mode force_fp16,allow_mix_precision) are one search: "
      "each has a folder in DIR,\nwhich itself gets the joint front.csv, modes.json, and the list "
      "and "
      "commands of the best mode.\nOther options of atc and aoe are accepted; those for atc go "
      "into atc.sh.\n"
      "\n"
      "Example:\n"
      "  keel tune --model model.onnx --data samples/ --soc_version Ascend910B3 \\\n"
      "    --require 'relative_l2<=0.01' --output out/");
  return [flags](const std::vector<std::string>& arguments) { return run_tune(*flags, arguments); };
}

}  // namespace keel::cli
