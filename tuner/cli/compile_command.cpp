#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/cli/print_view.h"
#include "tuner/engine/print_passes.h"
#include "tuner/engine/program_view.h"
#include "tuner/report/program_table.h"

namespace keel::cli {
namespace {

struct CompileFlags {
  ModelFlags model;
  std::string print_after;
  std::int64_t largest_constant = INT64_MAX;
  std::string format = "table";
  std::string diff;
};

int print_program(const engine::ModelOptions& model, const std::string& format) {
  const Result<engine::View<report::ProgramListing>> view = engine::view_program(model);
  if (!view.ok()) return report_error(view.error());
  print_view(*view, format == "csv"    ? report::program_csv(view->content)
                    : format == "json" ? report::program_json(view->content)
                                       : report::program_table(view->content));
  return kExitDone;
}

int print_difference(const engine::ModelOptions& model, const CompileFlags& flags) {
  if (flags.format == "csv")
    return report_error({ErrorCode::InvalidConfig, "a difference has no form in CSV",
                         "--format csv", "use --format table or --format json with --diff"});
  const Result<engine::View<report::ProgramDiff>> view = engine::view_difference(model, flags.diff);
  if (!view.ok()) return report_error(view.error());
  print_view(*view, flags.format == "json" ? report::diff_json(view->content)
                                           : report::diff_table(view->content));
  return kExitDone;
}

int run(const CompileFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  if (!flags.diff.empty()) return print_difference(*model, flags);
  if (flags.print_after.empty()) return print_program(*model, flags.format);
  const Result<engine::PassTexts> texts =
      engine::print_passes(*model, flags.print_after, flags.largest_constant);
  if (!texts.ok()) return report_error(texts.error());
  print_warnings(texts->warnings);
  std::fwrite(texts->text.data(), 1, texts->text.size(), stdout);
  return kExitDone;
}

std::string pass_listing() {
  std::string text;
  for (const std::string& name : engine::pass_names()) text += "\n  " + name;
  return text;
}

}  // namespace

Action declare_compile(CLI::App& app) {
  auto flags = std::make_shared<CompileFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  flags->model.declare_samples(app);
  flags->model.declare_kernel_cache(app);
  app.add_option("--format", flags->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  CLI::Option* diff =
      app.add_option("--diff", flags->diff,
                     "a second keep list: shows which dtypes, kernels and casts change, and what "
                     "it costs, when it takes the place of --keep_dtype")
          ->type_name("OTHER.cfg");
  app.add_option("--print_after", flags->print_after,
                 "prints the graph after this pass, or after each with 'all', in place of the "
                 "kernels. Passes, in order:" +
                     pass_listing())
      ->excludes(diff)
      ->type_name("PASS");
  app.add_option("--largest_constant", flags->largest_constant,
                 "with --print_after: constants with more elements are printed as their digest, "
                 "and the text cannot be parsed back")
      ->check(CLI::NonNegativeNumber)
      ->type_name("COUNT");
  app.footer(
      "One row a kernel, in launch order. Below it: its nodes, where they are several; each cast "
      "that\n"
      "runs in it, with what its producer and its consumer have and by which rule; and of a "
      "layout\n"
      "kernel the node that moves elements. Bytes are those of the dtypes on the NPU.\n"
      "\n"
      "Examples: what one more line in a keep list changes; the casts it brings, as the graph\n"
      "  keel compile --model model.onnx --keep_dtype keep.cfg --diff longer.cfg\n"
      "  keel compile --model model.onnx --keep_dtype keep.cfg --print_after insert-casts \\\n"
      "    --largest_constant 8 | grep Cast");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
