#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/profile.h"

namespace keel::cli {
namespace {

struct ProfileFlags {
  ModelFlags model;
  std::string format = "table";
};

int run(const ProfileFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  const Result<engine::ProfiledModel> profiled = engine::profile(*model);
  if (!profiled.ok()) return report_error(profiled.error());
  for (const std::string& note : profiled->notes) std::fprintf(stderr, "%s\n", note.c_str());
  print_warnings(profiled->warnings);
  const std::string text = flags.format == "csv"    ? report::profile_csv(profiled->profile)
                           : flags.format == "json" ? report::profile_json(profiled->profile)
                                                    : report::profile_table(profiled->profile);
  std::printf("%s", text.c_str());
  return kExitDone;
}

}  // namespace

Action declare_profile(CLI::App& app) {
  auto flags = std::make_shared<ProfileFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  app.add_option("--format", flags->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  app.footer(
      "Nodes outside the keep list follow the mode. A kernel is bound by the cube, the vector "
      "unit,\n"
      "memory or its launch, whichever takes longest.\n"
      "\n"
      "Example: the five slowest kernels of a tuned model\n"
      "  keel profile --model model.onnx --keep_dtype out/execeptionlist.cfg --format json |\n"
      "    jq '.kernels | sort_by(-.us) | .[:5]'");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
