#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/cli/print_view.h"
#include "tuner/engine/profile.h"
#include "tuner/report/kernel_table.h"
#include "tuner/report/profile_files.h"

namespace keel::cli {
namespace {

struct ProfileFlags {
  ModelFlags model;
  std::string format = "table";
  std::string output;
  std::string compare;
};

/// The forms of a content, by --format.
template <class Content>
struct Forms {
  std::string (*table)(const Content&);
  std::string (*csv)(const Content&);
  std::string (*json)(const Content&);
};

template <class Content>
void print(const engine::View<Content>& view, const std::string& format,
           const Forms<Content>& forms) {
  print_view(view, format == "csv"    ? forms.csv(view.content)
                   : format == "json" ? forms.json(view.content)
                                      : forms.table(view.content));
}

int print_difference(const engine::ModelOptions& model, const ProfileFlags& flags) {
  const Result<engine::View<report::ProfileDifference>> view =
      engine::compare(model, flags.compare);
  if (!view.ok()) return report_error(view.error());
  print(*view, flags.format,
        {report::difference_table, report::difference_csv, report::difference_json});
  return kExitDone;
}

int run(const ProfileFlags& flags) {
  const Result<engine::ModelOptions> model = flags.model.parse();
  if (!model.ok()) return report_error(model.error());
  if (!flags.compare.empty()) return print_difference(*model, flags);
  const Result<engine::View<report::Profile>> view = engine::profile(*model);
  if (!view.ok()) return report_error(view.error());
  if (!flags.output.empty()) {
    const Status written = report::write_profile(flags.output, view->content);
    if (!written.ok()) return report_error(written.error());
  }
  print(*view, flags.format, {report::profile_table, report::profile_csv, report::profile_json});
  return kExitDone;
}

std::string file_listing() {
  std::string text;
  for (const report::ProfileFile& file : report::profile_files())
    text += "\n  " + std::string(file.name);
  return text;
}

}  // namespace

Action declare_profile(CLI::App& app) {
  auto flags = std::make_shared<ProfileFlags>();  // shared by CLI11's options and the action
  flags->model.declare(app);
  flags->model.declare_samples(app);
  flags->model.declare_kernel_cache(app);
  app.add_option("--format", flags->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  CLI::Option* output =
      app.add_option("--output", flags->output,
                     "also writes into this folder, beside what is printed:" + file_listing())
          ->type_name("DIR");
  app.add_option("--compare", flags->compare,
                 "a second keep list: how much longer the model takes when it takes the place of "
                 "--keep_dtype, how far that is known, and which kernels make the difference")
      ->excludes(output)
      ->type_name("OTHER.cfg");
  app.footer(
      "Nodes outside the keep list follow the mode. A kernel is bound by the cube, the vector "
      "unit,\n"
      "memory or its launch, whichever takes longest; the units overlap, so that their shares of "
      "a\n"
      "kernel may add up to more than 100 %. Measured times lie in the interval in nine of ten "
      "cases.\n"
      "\n"
      "Examples: the five slowest kernels of a tuned model; what its keep list costs; files for "
      "other\n"
      "tools: columns of the vendor's profiler, a trace for Perfetto, a roofline\n"
      "  keel profile --model model.onnx --keep_dtype out/execeptionlist.cfg --format json |\n"
      "    jq '.kernels | sort_by(-.us) | .[:5]'\n"
      "  keel profile --model model.onnx --compare out/execeptionlist.cfg\n"
      "  keel profile --model model.onnx --output profile");
  return [flags](const std::vector<std::string>&) { return run(*flags); };
}

}  // namespace keel::cli
