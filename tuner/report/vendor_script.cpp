#include "tuner/report/vendor_script.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "tuner/report/report.h"

namespace keel::report {
namespace {

using Value = std::string (*)(const CompilerCommand&);

enum class TakenBy : std::uint8_t { Both, Atc, Aoe };

struct ScriptOption {
  std::string_view name;
  TakenBy taken_by;
  Value value;  ///< empty text: the option is left out
};

// In the order of the command line. aoe tunes on the chip it finds, and has no cache of kernels.
constexpr std::array kBefore = {
    ScriptOption{"job_type", TakenBy::Aoe, [](const CompilerCommand&) { return std::string("2"); }},
    ScriptOption{"model", TakenBy::Both, [](const CompilerCommand& c) { return c.model.string(); }},
    ScriptOption{"framework", TakenBy::Both,
                 [](const CompilerCommand&) { return std::string("5"); }},
    ScriptOption{"output", TakenBy::Atc,
                 [](const CompilerCommand& c) { return c.model.stem().string(); }},
    ScriptOption{"output", TakenBy::Aoe,
                 [](const CompilerCommand& c) { return c.model.stem().string() + "_tuned"; }},
    ScriptOption{"soc_version", TakenBy::Atc,
                 [](const CompilerCommand& c) { return c.soc_version; }},
    ScriptOption{"input_shape", TakenBy::Both,
                 [](const CompilerCommand& c) { return c.input_shape; }},
    ScriptOption{"precision_mode", TakenBy::Both,
                 [](const CompilerCommand& c) { return c.precision_mode; }},
    ScriptOption{"keep_dtype", TakenBy::Both, [](const CompilerCommand& c) {
                   return c.keeps_nodes ? keep_list_name(c.cann) : std::string();
                 }}};

constexpr std::array kAfterFiles = {ScriptOption{
    "allow_hf32", TakenBy::Both, [](const CompilerCommand& c) { return c.allow_hf32; }}};

constexpr std::array kLast = {
    ScriptOption{"op_compiler_cache_mode", TakenBy::Atc,
                 [](const CompilerCommand&) { return std::string("disable"); }},
    ScriptOption{"log", TakenBy::Both, [](const CompilerCommand& c) {
                   const auto is_log = [](const auto& option) { return option.first == "log"; };
                   return std::string(std::ranges::any_of(c.passed_on, is_log) ? "" : "error");
                 }}};

// Options of atc that users' command lines of aoe have, too.
constexpr std::array<std::string_view, 6> kAlsoOfAoe = {
    "input_format", "output_type", "aicore_num", "virtual_type", "op_select_implmode", "log"};

std::string_view program(VendorTool tool) { return tool == VendorTool::Atc ? "atc" : "aoe"; }

bool takes(VendorTool tool, TakenBy taken_by) {
  return taken_by == TakenBy::Both ||
         taken_by == (tool == VendorTool::Atc ? TakenBy::Atc : TakenBy::Aoe);
}

bool takes_passed_on(VendorTool tool, const std::string& option) {
  return tool == VendorTool::Atc || std::ranges::find(kAlsoOfAoe, option) != kAlsoOfAoe.end();
}

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

std::string vendor_call(VendorTool tool, const CompilerCommand& command, const std::string& note) {
  std::string text = "set -e\ncd -- \"$(dirname -- \"$0\")\"\n\n";
  if (!note.empty()) text += "# " + note + "\n";
  text += "exec " + std::string(program(tool)) + " \\\n";
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) text += "  " + quoted("--" + std::string(option) + "=" + value) + " \\\n";
  };
  const auto add_all = [&](const auto& options) {
    for (const ScriptOption& option : options)
      if (takes(tool, option.taken_by)) add(option.name, option.value(command));
  };
  add_all(kBefore);
  for (const auto& [option, path] : command.evaluated_files) add(option, path);
  add_all(kAfterFiles);
  for (const auto& [option, value] : command.passed_on)
    if (takes_passed_on(tool, option)) add(option, value);
  add_all(kLast);
  return text + "  \"$@\"\n";
}

std::string passed_on_names(VendorTool tool, const CompilerCommand& command, bool taken) {
  std::string names;
  for (const auto& [option, value] : command.passed_on)
    if (takes_passed_on(tool, option) == taken) names += " --" + option;
  return names;
}

}  // namespace keel::report
