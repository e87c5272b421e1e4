#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/export_trial.h"
#include "tuner/report/demands.h"
#include "tuner/report/figures.h"
#include "tuner/report/report.h"
#include "tuner/study/head.h"

namespace keel::cli {
namespace {

struct ExportFlags {
  std::string study, output, model, data, cann;
  std::uint64_t trial = 0;
  CLI::Option* trial_option = nullptr;
  bool recommended = false;
  bool onnx = false, shortest = false, customize = false, mixlist = false;
};

Result<engine::ExportOptions> parse(const ExportFlags& flags) {
  const bool has_trial = flags.trial_option->count() > 0;
  if (has_trial == flags.recommended)
    return Error{ErrorCode::InvalidConfig,
                 has_trial ? "--trial and --recommended name two trials"
                           : "neither --trial nor --recommended says which trial",
                 "keel export", "give one of --trial N and --recommended"};
  engine::ExportOptions options;
  options.study = flags.study;
  options.output = flags.output;
  if (has_trial) options.trial = flags.trial;
  if (!flags.cann.empty()) {
    KEEL_TRY(options.cann, ascend::cann_named(flags.cann));
  }
  options.mixed = flags.onnx;
  options.shortest = flags.shortest;
  options.customize = flags.customize;
  options.mixlist = flags.mixlist;
  if (!flags.model.empty()) options.source.model = flags.model;
  if (!flags.data.empty()) options.source.data = flags.data;
  if (!options.needs_model() && (options.source.model || options.source.data))
    return Error{ErrorCode::InvalidConfig, "--model and --data are not read: nothing needs them",
                 "keel export", "add --onnx, --shortest, --customize or --mixlist"};
  return options;
}

void print(const engine::ExportedTrial& exported, const ExportFlags& flags,
           const std::filesystem::path& output) {
  const study::TrialRecord& record = report::trial(exported.result, exported.trial);
  const search::Outcome& outcome = record.trial.outcome;
  std::printf("trial %llu of 0 to %zu, %s, %s%s\n", static_cast<unsigned long long>(exported.trial),
              exported.result.trials.size() - 1,
              std::string(search::name(record.trial.phase)).c_str(),
              std::string(study::name(outcome.state)).c_str(),
              exported.trial == exported.result.recommended ? ", recommended" : "");
  std::printf("latency    %.1f us, %d units and %d nodes kept, requirements %s\n",
              outcome.latency_us, record.kept_units, record.kept_nodes,
              report::meets_all(exported.result, record) ? "met" : "not met");
  std::printf("keep list  %s\ncommand    %s\n",
              (output / report::keep_list_name(exported.cann)).c_str(),
              (output / "atc.sh").c_str());
  if (flags.customize || !report::bf16_dtypes(exported.result, exported.trial).empty())
    std::printf("customize  %s\n", (output / report::kCustomizeDtypes).c_str());
  if (flags.mixlist) std::printf("mixlist    %s\n", (output / report::kModifyMixlist).c_str());
  if (!exported.model) return;
  const engine::ExportedModel& model = *exported.model;
  std::printf("onnx       %s: %zu nodes in fp16, %zu casts\n",
              std::filesystem::absolute(model.file).c_str(), model.copy.half_nodes,
              model.copy.casts);
  for (const std::string& node : model.stays_float)
    std::fprintf(stderr, "note: %s stays in fp32: ONNX has no float16 form of it at this opset\n",
                 node.c_str());
}

int run(const ExportFlags& flags) {
  const Result<engine::ExportOptions> options = parse(flags);
  if (!options.ok()) return report_error(options.error());
  const Result<engine::ExportedTrial> exported = engine::export_trial(*options);
  if (!exported.ok()) return report_error(exported.error());
  print(*exported, flags, std::filesystem::absolute(options->output));
  return kExitDone;
}

}  // namespace

Action declare_export(CLI::App& app) {
  auto flags = std::make_shared<ExportFlags>();  // shared by CLI11's options and the action
  app.add_option("--study", flags->study, "the folder keel tune wrote to")
      ->required()
      ->type_name("DIR");
  flags->trial_option =
      app.add_option("--trial", flags->trial, "its number, as in front.csv")->type_name("N");
  app.add_flag("--recommended", flags->recommended, "the trial that keel tune recommends");
  app.add_option("--output", flags->output, "where the files go: not the study's folder")
      ->required()
      ->type_name("DIR");
  app.add_option("--cann", flags->cann,
                 "release of CANN the files are for: 8 (up to 8.5: execeptionlist.cfg) or 9 "
                 "(exceptionlist.cfg); that of the study where it is not given")
      ->type_name("8|9");
  app.add_flag("--shortest", flags->shortest,
               "write the keep list in the fewest lines: OpType::Type where the trial keeps every "
               "node that such a line matches");
  app.add_flag("--customize", flags->customize,
               "also write customize_dtypes.cfg: float32 for the kept operators, by their names "
               "after fusion");
  app.add_flag("--mixlist", flags->mixlist,
               "also write modify_mixlist.json: the kept types on the black list; in the mixed "
               "modes, where the trial keeps whole types");
  app.add_flag("--onnx", flags->onnx,
               "also write mixed_precision.onnx: the trial for other runtimes");
  app.add_option("--model", flags->model,
                 "with any of the four: the model, where it is no longer where keel tune read it")
      ->type_name("FILE");
  app.add_option("--data", flags->data,
                 "with any of the four: samples, where shapes follow from the data or control flow "
                 "depends on an input that every sample gives alike")
      ->type_name("DIR");
  app.footer(
      "Writes to DIR: execeptionlist.cfg, execeptionlist.reasons.json, atc.sh, aoe.sh (the "
      "command\n"
      "of the vendor's tuner) and trial.json. Needs the study only, not the model, and may run\n"
      "beside the keel tune that fills it. --shortest, --customize, --mixlist and --onnx read the\n"
      "model too: a study does not hold the nodes that no precision can be chosen for, nor every\n"
      "type of a node.\n"
      "\n"
      "customize_dtypes.cfg and modify_mixlist.json are other forms of the keep list, each to be\n"
      "given in its place; atc.sh and aoe.sh give the list. What is written is read again first:\n"
      "where a form does not give the dtypes of the trial, nothing is written and an error says "
      "why.\n"
      "\n"
      "mixed_precision.onnx is the model with casts inserted and weights converted: nodes of kept\n"
      "units in fp32, the others in fp16 where ONNX has a float16 form of them. It cannot express\n"
      "fp16 products between fp32 tensors (a kept operator on a cube without fp32), HF32, bf16\n"
      "beside fp16 (it stays in fp32), the fp32 accumulator between operators that are fused, nor\n"
      "saturation.\n"
      "\n"
      "Example: a faster point of the front than the one recommended\n"
      "  keel export --study out --trial 62 --output out-62 --onnx");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
