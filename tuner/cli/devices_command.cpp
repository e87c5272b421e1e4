#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "compiler/ascend/soc.h"
#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/devices.h"

namespace keel::cli {
namespace {

struct DevicesFlags {
  std::string soc;
  std::string format = "table";
};

Result<std::string> chip_text(const std::filesystem::path& configs, const DevicesFlags& flags) {
  KEEL_TRY(const ascend::SocSheet sheet, ascend::load_soc_sheet(configs, flags.soc));
  KEEL_TRY_STATUS(ascend::read_soc(sheet));
  return flags.format == "csv"    ? report::chip_csv(sheet)
         : flags.format == "json" ? report::chip_json(sheet)
                                  : report::chip_table(sheet);
}

Result<std::string> text(const DevicesFlags& flags) {
  KEEL_TRY(const std::filesystem::path configs, ascend::config_folder());
  if (!flags.soc.empty()) return chip_text(configs, flags);
  KEEL_TRY(const report::DeviceListing listing, engine::list_devices(configs));
  return flags.format == "csv"    ? report::devices_csv(listing)
         : flags.format == "json" ? report::devices_json(listing)
                                  : report::devices_table(listing);
}

int run(const DevicesFlags& flags) {
  const Result<std::string> result = text(flags);
  if (!result.ok()) return report_error(result.error());
  std::fwrite(result->data(), 1, result->size(), stdout);
  return kExitDone;
}

}  // namespace

Action declare_devices(CLI::App& app) {
  auto flags = std::make_shared<DevicesFlags>();  // shared by CLI11's options and the action
  app.add_option("SOC", flags->soc, "one chip: every value with its confidence and source");
  app.add_option("--format", flags->format, "table, csv (chips only) or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  app.footer(
      "Values come from configs/soc/SOC.json, or from the folder KEEL_CONFIGS names: a copy of it "
      "where you put\nthe values you know.\n"
      "\n"
      "Example: the chips whose cube multiplies fp32\n"
      "  keel devices --format json | jq '.socs[] | select(.cube_formats | index(\"fp32\")) | "
      ".name'");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
