#include "tuner/report/csv.h"

#include <fmt/format.h>

namespace keel::report {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

}  // namespace

std::string csv_line(std::span<const std::string> cells) {
  std::string line;
  const char* separator = "";
  for (const std::string& cell : cells) {
    line += separator + quoted(cell);
    separator = ",";
  }
  return line + "\n";
}

std::string csv_list(std::span<const std::string> list) {
  return fmt::format("{}", fmt::join(list, " "));
}

}  // namespace keel::report
