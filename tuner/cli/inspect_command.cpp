#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/inspect.h"
#include "tuner/report/node_table.h"

namespace keel::cli {
namespace {

struct InspectFlags {
  ModelFlags model;
  std::string data;
  std::string format = "table";
};

int run(const InspectFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  std::optional<std::filesystem::path> data;
  if (!flags.data.empty()) data = flags.data;
  const Result<engine::Inspection> inspection = engine::inspect(*model, data);
  if (!inspection.ok()) return report_error(inspection.error());
  for (const std::string& note : inspection->notes) std::fprintf(stderr, "%s\n", note.c_str());
  const std::vector<report::NodeRow>& rows = inspection->rows;
  const std::string text = flags.format == "csv"    ? report::nodes_csv(rows)
                           : flags.format == "json" ? report::nodes_json(rows)
                                                    : report::nodes_table(rows);
  std::printf("%s", text.c_str());
  return kExitDone;
}

}  // namespace

Action declare_inspect(CLI::App& app) {
  auto flags = std::make_shared<InspectFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  app.add_option("--data", flags->data,
                 "samples: adds the range of each node's result, and how much of it the "
                 "lowered dtype loses")
      ->type_name("DIR");
  app.add_option("--format", flags->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  app.footer(
      "Example: what plain fp16 would do to every tensor of a model\n"
      "  keel inspect --model model.onnx --data samples/ --format csv");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
