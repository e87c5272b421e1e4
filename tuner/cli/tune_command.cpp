#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "profiler/device/device.h"
#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/tune.h"
#include "tuner/report/report.h"
#include "tuner/search/strategies.h"

namespace keel::cli {
namespace {

constexpr const char* kDefaultRequirement = "relative_l2<=0.01";

struct TuneFlags {
  ModelFlags model;
  std::string data, labels, output, cann;
  std::vector<std::string> require;
  std::string device, strategy;
  std::uint64_t seed = 0;
  std::size_t max_trials = 0;
  int jobs = 0;
  std::optional<std::size_t> cache_mb;
};

Result<engine::TuneOptions> parse(const TuneFlags& flags) {
  engine::TuneOptions options;
  KEEL_TRY(options.model, flags.model.parse());
  options.data = flags.data;
  if (!flags.labels.empty()) options.labels = flags.labels;
  options.output = flags.output;
  if (!flags.cann.empty()) {
    KEEL_TRY(options.cann, ascend::cann_named(flags.cann));
  }
  std::vector<std::string> require = flags.require;
  if (require.empty()) require.emplace_back(kDefaultRequirement);
  for (const std::string& text : require) {
    KEEL_TRY(accuracy::Requirement requirement, accuracy::parse_requirement(text));
    options.requirements.push_back(requirement);
  }
  if (!flags.device.empty() && flags.device.find_first_not_of("0123456789") == std::string::npos)
    return Error{
        ErrorCode::InvalidConfig,
        "--device names what profiles; '" + flags.device + "' is a chip number, as aoe takes",
        "--device", "leave it out, or give a kind of device: 'keel tune --help' lists them"};
  options.device = flags.device;
  options.strategy = flags.strategy;
  options.seed = flags.seed;
  options.max_trials = flags.max_trials;
  options.jobs = flags.jobs;
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

int run_tune(const TuneFlags& flags, const std::vector<std::string>& arguments) {
  Result<engine::TuneOptions> options = parse(flags);
  if (!options.ok()) return report_error(options.error());
  options->command_line = arguments;

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
  const std::filesystem::path output = std::filesystem::absolute(options->output);
  if (report->result.recommended)
    std::printf("\nkeep list  %s\n", (output / report::keep_list_name(report->cann)).c_str());
  std::printf("report     %s\ncommand    %s\n", (output / "result.json").c_str(),
              (output / "atc.sh").c_str());
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
                 "'METRIC<=X' or 'METRIC>=X'; repeat for several (default " +
                     std::string(kDefaultRequirement) +
                     "). Metrics:" + listing(accuracy::metrics()))
      ->type_name("RULE")
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
                 "trials at most; 0: three per free unit and 100 more, of exhaustive all")
      ->capture_default_str();
  app.add_option("--jobs", flags->jobs, "threads; 0: one per processor")->capture_default_str();
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
      "not unique. Other options of atc and aoe are accepted; those for atc go into atc.sh.\n"
      "\n"
      "Example:\n"
      "  keel tune --model model.onnx --data samples/ --soc_version Ascend910B3 \\\n"
      "    --require 'relative_l2<=0.01' --output out/");
  return [flags](const std::vector<std::string>& arguments) { return run_tune(*flags, arguments); };
}

}  // namespace keel::cli
