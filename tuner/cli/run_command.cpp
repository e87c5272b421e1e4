#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "compiler/base/file.h"
#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/run_model.h"

namespace keel::cli {
namespace {

struct RunFlags {
  ModelFlags model;
  std::string data, labels, output;
};

int run(const RunFlags& flags) {
  Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  engine::RunOptions options;
  options.model = *std::move(model);
  options.plain_fp32 = !flags.model.precision_mode && !flags.model.precision_mode_v2;
  options.data = flags.data;
  if (!flags.labels.empty()) options.labels = flags.labels;
  options.output = flags.output;
  const Result<engine::RunSummary> summary = engine::run_model(options);
  if (!summary.ok()) return report_error(summary.error());

  for (const std::string& note : summary->notes) std::fprintf(stderr, "%s\n", note.c_str());
  std::printf("%zu samples in %s\n", summary->samples, summary->computed_in.c_str());
  for (const auto& [metric, value] : summary->metrics)
    std::printf("%-16s %.6g\n", metric.c_str(), value);
  if (summary->latency_us) std::printf("%-16s %.1f\n", "latency_us", *summary->latency_us);
  return kExitDone;
}

}  // namespace

Action declare_run(CLI::App& app) {
  auto flags = std::make_shared<RunFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  CLI::Option* mode = app.get_option("--precision_mode");
  mode->description(mode->get_description() +
                    "; here, without either option, the model runs in plain fp32");
  app.add_option("--data", flags->data, "samples, as for tune")->required()->type_name("DIR");
  app.add_option("--labels", flags->labels, "class numbers, one per sample")->type_name("FILE");
  app.add_option("--output", flags->output,
                 "where 000.npy ... go, or 000.OUTPUT.npy for several outputs")
      ->required()
      ->type_name("DIR");
  app.footer(
      "Example: the outputs and errors of a recommended keep list\n"
      "  keel run --model model.onnx --data samples/ --precision_mode force_fp16 \\\n"
      "    --keep_dtype out/execeptionlist.cfg --output outputs/");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
