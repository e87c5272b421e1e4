#include <algorithm>
#include <string_view>

#include "tuner/report/report.h"

namespace keel::report {
namespace {

/// One word of sh: as it is where every character is plain, else in single quotes.
std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+@%";
  if (word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string atc_script(const CompilerCommand& command) {
  std::string text = "#!/bin/sh\n# Compiles " + command.variant;
  text += R"sh( with every option it was evaluated with.
# Relative paths start at the folder of this script, whatever folder it is called from.
# Options given to this script follow its own on the command line of atc.
)sh";
  if (!command.passed_on.empty()) {
    text += "# Passed on as keel was given them, and not part of what it evaluated:";
    for (const auto& [option, value] : command.passed_on) text += " --" + option;
    text += "\n";
  }
  text += R"sh(set -e
cd -- "$(dirname -- "$0")"

# --op_compiler_cache_mode: a cached kernel may have been built with other options.
exec atc \
)sh";
  const auto add = [&](const std::string& option, const std::string& value) {
    if (!value.empty()) text += "  " + quoted("--" + option + "=" + value) + " \\\n";
  };
  add("model", command.model.string());
  add("framework", "5");
  add("output", command.model.stem().string());
  add("soc_version", command.soc_version);
  add("input_shape", command.input_shape);
  add("precision_mode", command.precision_mode);
  if (command.keeps_nodes) add("keep_dtype", "execeptionlist.cfg");
  for (const auto& [option, path] : command.evaluated_files) add(option, path);
  add("allow_hf32", command.allow_hf32);
  for (const auto& [option, value] : command.passed_on) add(option, value);
  add("op_compiler_cache_mode", "disable");
  if (std::ranges::find(command.passed_on, "log",
                        [](const auto& option) { return option.first; }) == command.passed_on.end())
    add("log", "error");
  return text + "  \"$@\"\n";
}

}  // namespace keel::report
