#include "tuner/cli/unknown_option.h"

#include <CLI/CLI.hpp>

#include "compiler/base/nearest.h"

namespace keel::cli {

namespace {

std::string listed(const std::vector<std::string>& near) {
  if (near.size() == 1) return "'" + near[0] + "' (nearest name)";
  return "'" + near[0] + "' or '" + near[1] + "' (nearest names)";
}

}  // namespace

std::optional<Error> unknown_option(const CLI::App& command) {
  for (const std::string& argument : command.remaining()) {
    if (argument.size() < 2 || argument.front() != '-') continue;
    const std::string name = argument.substr(0, argument.find('='));
    std::vector<std::string> known;
    for (const CLI::Option* option : command.get_options())
      for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
    const std::string help = "'keel " + command.get_name() + " --help' lists its options";
    const std::vector<std::string> near = nearest(name, known, 2);
    return Error{ErrorCode::InvalidConfig,
                 "keel " + command.get_name() + " has no option '" + name + "'", argument,
                 near.empty() ? help : "use " + listed(near) + "; " + help};
  }
  return std::nullopt;
}

}  // namespace keel::cli
