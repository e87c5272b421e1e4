#include "compiler/onnx/named_parts.h"

#include <algorithm>

namespace keel::onnx_io {

Result<std::vector<std::pair<std::string, std::string_view>>> named_parts(std::string_view text,
                                                                          const char* flag,
                                                                          const char* what,
                                                                          const char* form) {
  std::vector<std::pair<std::string, std::string_view>> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::size_t colon = part.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
      return Error{ErrorCode::InvalidConfig,
                   "'" + std::string(part) + "' is not of the form name:" + what, flag, form};
    std::string name(part.substr(0, colon));
    if (std::ranges::any_of(parts, [&](const auto& known) { return known.first == name; }))
      return Error{ErrorCode::InvalidConfig, "input '" + name + "' is given twice", flag,
                   "give each input once"};
    parts.emplace_back(std::move(name), part.substr(colon + 1));
  }
  return parts;
}

}  // namespace keel::onnx_io
