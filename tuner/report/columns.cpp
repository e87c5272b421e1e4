#include "tuner/report/columns.h"

#include <algorithm>

namespace keel::report {

std::vector<std::string> column_lines(const std::vector<std::vector<std::string>>& rows,
                                      std::span<const std::size_t> left) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      const bool is_left = std::ranges::find(left, i) != left.end();
      line += (i == 0 ? "" : "  ") + (is_left ? row[i] + padding : padding + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line + "\n");
  }
  return lines;
}

std::string columns(const std::vector<std::vector<std::string>>& rows,
                    std::span<const std::size_t> left) {
  std::string text;
  for (const std::string& line : column_lines(rows, left)) text += line;
  return text;
}

}  // namespace keel::report
