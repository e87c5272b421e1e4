#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <new>

#include "compiler/base/version.h"
#include "tuner/cli/command.h"
#include "tuner/cli/model_flags.h"
#include "tuner/cli/unknown_option.h"
#include "tuner/cli/vendor_options.h"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 requirements not met (the best found is written), 2 bad input,\n"
    "3 device, compiler, disk or study failure, 130 interrupted (the same command resumes).\n"
    "\n"
    "Example:\n"
    "  keel tune --model model.onnx --data samples/ --soc_version Ascend910B3 \\\n"
    "            --require 'relative_l2<=0.01' --output out/\n";

int run(int argc, char** argv) {
  CLI::App app{
      "keel finds which operators of an ONNX model must keep their precision on an NPU, so that "
      "the\n"
      "model is as fast as it can be at the accuracy you demand.",
      "keel"};
  app.set_version_flag("--version", std::string(keel::version()));
  app.require_subcommand(1);
  app.footer(kFooter);

  std::map<const CLI::App*, keel::cli::Action> actions;
  for (const keel::cli::Command& command : keel::cli::commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    actions[sub] = command.declare(*sub);
    if (sub->get_option_no_throw("--model") != nullptr) keel::cli::declare_vendor_options(*sub);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // First: a misspelled option also leaves the one that was meant missing.
    for (const CLI::App* sub : app.get_subcommands())
      if (const std::optional<keel::Error> unknown = keel::cli::unknown_option(*sub);
          unknown && error.get_exit_code() != 0)
        return keel::cli::report_error(*unknown);
    return app.exit(error) == 0 ? keel::cli::kExitDone : keel::cli::kExitBadInput;
  }
  return actions.at(app.get_subcommands().front())({argv, argv + argc});
}

}  // namespace

// Failures are values; what still throws is the memory that ran out and what nobody foresaw.
int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::bad_alloc&) {
  std::fputs(
      "error: out of memory\n  fix: give less --cache_mb or fewer --jobs; the study is intact\n",
      stderr);
  return keel::cli::kExitDeviceFailed;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n  fix: report this as a fault of keel\n", error.what());
  return keel::cli::kExitDeviceFailed;
}
