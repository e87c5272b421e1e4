#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/engine/print_passes.h"
#include "tuner/engine/profile.h"

namespace keel::cli {
namespace {

struct CompileFlags {
  ModelFlags model;
  std::string print_after;
  std::int64_t largest_constant = INT64_MAX;
};

int print_summary(const engine::ModelOptions& model) {
  const Result<engine::ProfiledModel> profiled = engine::profile(model);
  if (!profiled.ok()) return report_error(profiled.error());
  for (const std::string& note : profiled->notes) std::fprintf(stderr, "%s\n", note.c_str());
  print_warnings(profiled->warnings);
  std::printf("%s", report::profile_table(profiled->profile).c_str());
  return kExitDone;
}

int run(const CompileFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  if (flags.print_after.empty()) return print_summary(*model);
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
  app.add_option("--print_after", flags->print_after,
                 "prints the graph after this pass, or after each with 'all', in place of the "
                 "kernels. Passes, in order:" +
                     pass_listing())
      ->type_name("PASS");
  app.add_option("--largest_constant", flags->largest_constant,
                 "with --print_after: constants with more elements are printed as their digest, "
                 "and the text cannot be parsed back")
      ->check(CLI::NonNegativeNumber)
      ->type_name("COUNT");
  app.footer(
      "Example: which casts a keep list brings\n"
      "  keel compile --model model.onnx --keep_dtype keep.cfg --print_after insert-casts \\\n"
      "    --largest_constant 8 | grep Cast");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
