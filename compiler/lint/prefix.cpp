#include "compiler/lint/prefix.h"

#include <algorithm>
#include <cctype>

namespace keel::lint {

std::optional<std::string> misspelled_type(const ascend::KeepEntry& entry) {
  constexpr std::string_view kWord = "optype";
  if (entry.form != ascend::EntryForm::Name || !entry.nodes.empty()) return std::nullopt;
  if (!lowered(entry.text).starts_with(kWord)) return std::nullopt;
  const std::string_view rest = std::string_view(entry.text).substr(kWord.size());
  const std::size_t type = rest.find_first_not_of(":;.= \t");
  // "OpTypeRelu" may be a name.
  if (type == 0 || type == std::string_view::npos) return std::nullopt;
  return std::string(rest.substr(type));
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return result;
}

}  // namespace keel::lint
