#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/explain.h"

namespace keel::cli {
namespace {

struct ExplainFlags {
  ModelFlags model;
  std::string node;
};

int run(const ExplainFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  const Result<engine::Explanation> explanation = engine::explain(*model, flags.node);
  if (!explanation.ok()) return report_error(explanation.error());
  print_warnings(explanation->warnings);
  std::printf("%s", explanation->text.c_str());
  return kExitDone;
}

}  // namespace

Action declare_explain(CLI::App& app) {
  auto flags = std::make_shared<ExplainFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  flags->model.declare_samples(app);
  app.add_option("--node", flags->node, "name of a node of the model")
      ->required()
      ->type_name("NAME");
  app.footer(
      "Each rule has a mark: C read in the vendor's source, D documented, U seen by users,\n"
      "I inferred, ? open. The outcome has that of its least sure rule.\n"
      "\n"
      "Example: why a softmax is lowered\n"
      "  keel explain --model model.onnx --precision_mode allow_mix_precision --node softmax_3");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
