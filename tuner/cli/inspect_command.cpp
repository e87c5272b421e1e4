#include <CLI/CLI.hpp>
#include <algorithm>
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
  std::string sort = "file";
  std::string filter;
  std::size_t top = 0;
};

int run(const InspectFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  std::optional<std::filesystem::path> data;
  if (!flags.data.empty()) data = flags.data;
  const Result<engine::Inspection> inspection = engine::inspect(*model, data);
  if (!inspection.ok()) return report_error(inspection.error());
  for (const std::string& note : inspection->notes) std::fprintf(stderr, "%s\n", note.c_str());
  std::vector<report::NodeRow> rows = report::filter_nodes(inspection->rows, flags.filter);
  report::sort_nodes(rows, flags.sort);
  if (flags.top > 0) rows.resize(std::min(rows.size(), flags.top));
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
                 "samples: adds the range of each node's result, how much of it the lowered dtype "
                 "loses, the error the node makes alone and the error gathered up to it, and says "
                 "where Inf or NaN first appears")
      ->type_name("DIR");
  app.add_option("--format", flags->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  app.add_option("--sort", flags->sort,
                 "largest first: alone, accumulated, overflow, underflow, non_finite; or file")
      ->check(CLI::IsMember(
          std::vector<std::string>(report::kNodeOrders.begin(), report::kNodeOrders.end())))
      ->capture_default_str();
  app.add_option("--filter", flags->filter,
                 "only nodes whose name, operator or Ascend type contains this")
      ->type_name("TEXT");
  app.add_option("--top", flags->top, "only the first N rows; 0: all")->capture_default_str();
  app.footer(
      "Example: what plain fp16 would do to every tensor of a model\n"
      "  keel inspect --model model.onnx --data samples/ --sort alone --top 20");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
