#include "tuner/report/wrapped.h"

#include <algorithm>

#include "tuner/report/kernel_cells.h"

namespace keel::report {

std::string wrapped(std::string_view text, std::size_t indent) {
  const std::size_t room = kTableWidth - indent - 2;
  std::string lines;
  std::string line(indent, ' ');
  bool is_empty = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word = shortened(std::string(text.substr(0, end)), room);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!is_empty && line.size() + 1 + word.size() > kTableWidth) {
      lines += line + "\n";
      line.assign(indent + 2, ' ');
      is_empty = true;
    }
    line += (is_empty ? "" : " ") + word;
    is_empty = false;
  }
  return lines + line + "\n";
}

}  // namespace keel::report
