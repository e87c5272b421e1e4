#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/check_list.h"

namespace keel::cli {
namespace {

struct CheckFlags {
  ModelFlags model;
  std::string data, explain;
  std::string format = "table";
  bool strict = false, fix = false;
};

void print(std::FILE* to, const std::string& text) { std::fwrite(text.data(), 1, text.size(), to); }

int explain(const std::string& code) {
  const Result<lint::FindingInfo> info = lint::finding_with_code(code);
  if (!info.ok()) return report_error(info.error());
  print(stdout, report::explanation(*info));
  return kExitDone;
}

Result<engine::CheckOptions> parse(const CheckFlags& flags) {
  for (const auto& [value, option] : {std::pair(&flags.model.model, "--model"),
                                      std::pair(&flags.model.keep_dtype, "--keep_dtype")})
    if (value->empty())
      return Error{ErrorCode::InvalidConfig, std::string(option) + " is missing", "keel check",
                   "give --model and --keep_dtype, or --explain"};
  engine::CheckOptions options;
  KEEL_TRY(options.model, flags.model.parse());
  if (!flags.data.empty()) options.data = flags.data;
  options.fix = flags.fix;
  return options;
}

std::string fixed_text(const engine::CheckedList& checked) {
  if (!checked.fixed) return "nothing to correct by rule: no file was written\n";
  std::string text;
  for (const lint::Change& change : checked.fixed->changes) text += to_text(change) + "\n";
  if (!checked.fixed->is_settled)
    text +=
        "stopped after " + std::to_string(lint::kMostFixRounds) +
        " rounds: the corrections undo one another; check the corrected list for what is left\n";
  return text + "the corrected list is " + checked.fixed_path.string() + "\n";
}

int run(const CheckFlags& flags) {
  if (!flags.explain.empty()) return explain(flags.explain);
  const Result<engine::CheckOptions> options = parse(flags);
  if (!options.ok()) return report_error(options.error());
  const Result<engine::CheckedList> checked = engine::check_list(*options);
  if (!checked.ok()) return report_error(checked.error());
  const report::FindingList& list = checked->findings;
  for (const std::string& note : checked->notes) print(stderr, note + "\n");
  const bool is_table = flags.format == "table";
  print(stdout, is_table                ? report::findings_text(list)
                : flags.format == "csv" ? report::findings_csv(list)
                                        : report::findings_json(list));
  // What programs read on stdout is findings alone.
  std::FILE* const rest = is_table ? stdout : stderr;
  if (flags.fix) print(rest, fixed_text(*checked));
  print(rest, report::findings_summary(list));
  const bool fails = list.count(lint::Severity::Error) > 0 ||
                     (flags.strict && list.count(lint::Severity::Warning) > 0);
  return fails ? kExitBadInput : kExitDone;
}

std::string codes() {
  std::string text;
  for (const lint::FindingInfo& info : lint::finding_table())
    text += "\n  " + std::string(info.code) + " (" + std::string(name(info.severity)) + ")";
  return text;
}

}  // namespace

Action declare_check(CLI::App& app) {
  auto flags = std::make_shared<CheckFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  app.get_option("--model")->required(false);  // --explain needs none
  app.add_option("--data", flags->data,
                 "samples: only their shapes, where the model leaves them open")
      ->type_name("DIR");
  app.add_option("--format", flags->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  app.add_flag("--strict", flags->strict, "exit 2 on warnings too");
  app.add_flag("--fix", flags->fix,
               "writes the corrected list beside the list, as NAME.fixed.cfg, and says what it "
               "changed");
  app.add_option("--explain", flags->explain, "prints what a code means and how it is known")
      ->type_name("CODE");
  app.footer(
      "Exit codes: 0 no errors, 2 errors, or warnings with --strict, or bad input.\n"
      "\n"
      "Example:\n"
      "  keel check --model model.onnx --keep_dtype keep.cfg --soc_version Ascend310P3 --fix\n"
      "\n"
      "Codes:" +
      codes());
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
