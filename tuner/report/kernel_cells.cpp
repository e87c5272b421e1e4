#include "tuner/report/kernel_cells.h"

#include <fmt/format.h>

namespace keel::report {
namespace {

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string shortened(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  std::size_t start = text.size() - width + 3;
  while (start < text.size() && continues_a_character(text[start])) ++start;
  return "..." + text.substr(start);
}

std::string first_of(const std::vector<std::string>& list, const std::string& if_empty,
                     std::size_t width) {
  if (list.empty()) return shortened(if_empty, width);
  if (list.size() == 1) return shortened(list.front(), width);
  const std::string more = fmt::format(" +{}", list.size() - 1);
  return shortened(list.front(), width - more.size()) + more;
}

std::string dtypes_cell(const std::vector<std::string>& dtypes) {
  const std::string all = fmt::format("{}", fmt::join(dtypes, ","));
  return all.size() <= kDtypesWidth ? all : first_of(dtypes, "", kDtypesWidth);
}

}  // namespace keel::report
