#include "tuner/cli/vendor_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>

namespace keel::cli {
namespace {

std::string dashed(const VendorOption& option) { return "--" + std::string(option.name); }

bool is_of_the_vendor(const CLI::Option& option) { return option.get_group().empty(); }

// The value given to an option that the command has not of its own.
std::optional<std::string> given(const CLI::App& app, const VendorOption& option) {
  const CLI::Option* found = app.get_option_no_throw(dashed(option));
  if (found == nullptr || !is_of_the_vendor(*found) || found->count() == 0) return std::nullopt;
  const std::vector<std::string> values = found->reduced_results();
  std::string value = values.empty() ? "" : values.back();
  if (option.takes == Takes::Path && !value.empty())
    value = std::filesystem::absolute(value).lexically_normal().string();
  return value;
}

std::optional<Error> refusal(const VendorOption& option, const std::string& value) {
  const std::string shown = dashed(option) + "=" + value;
  if (option.fate == Fate::Refused)
    return Error{ErrorCode::InvalidConfig,
                 "keel cannot evaluate " + dashed(option) + ": " + std::string(option.why), shown,
                 "leave it out; what atc.sh is called with, it hands to atc"};
  if (!option.only.empty() && option.only != value)
    return Error{ErrorCode::InvalidConfig,
                 "keel cannot evaluate " + shown + ": " + std::string(option.why), shown,
                 "leave it out, or use " + dashed(option) + "=" + std::string(option.only)};
  return std::nullopt;
}

void add(std::string& list, const VendorOption& option, const std::string& value) {
  list += " " + dashed(option);
  if (!value.empty()) list += "=" + value;
  if (option.only.empty() && !option.why.empty()) list += " (" + std::string(option.why) + ")";
}

}  // namespace

void declare_vendor_options(CLI::App& app) {
  for (const VendorOption& option : vendor_options()) {
    if (app.get_option_no_throw(dashed(option)) != nullptr) continue;
    CLI::Option* added = app.add_option(dashed(option));
    // As atc reads a command line: the last one counts.
    added->group("")->take_last();
    if (option.takes == Takes::TextOrNothing) added->expected(0, 1);
  }
}

Result<VendorArguments> read_vendor_options(const CLI::App& app) {
  VendorArguments arguments;
  std::string for_atc;
  std::string unused;
  for (const VendorOption& option : vendor_options()) {
    const std::optional<std::string> value = given(app, option);
    if (!value) continue;
    if (std::optional<Error> error = refusal(option, *value)) return *std::move(error);
    add(option.fate == Fate::PassedOn ? for_atc : unused, option, *value);
    if (option.fate == Fate::PassedOn) arguments.passed_on.emplace_back(option.name, *value);
  }
  if (!for_atc.empty())
    arguments.note += "; for atc, in the atc.sh that keel tune writes:" + for_atc;
  if (!unused.empty()) arguments.note += "; not used:" + unused;
  if (!arguments.note.empty())
    arguments.note = "note: options that keel does not read" + arguments.note;
  return arguments;
}

}  // namespace keel::cli
