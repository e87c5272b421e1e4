#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "compiler/onnx/importers.h"

namespace keel::onnx_io {

/// The enumerator (or index) that `names` calls as attribute `name` says.
/// \error Unsupported  the attribute has another value: "Pad with mode 'mirror'"
template <class E, std::size_t N>
Result<E> named_attribute(NodeImport& node, const char* name,
                          const std::array<std::string_view, N>& names, E otherwise) {
  const Result<std::string> text =
      node.attributes().text(name, names[static_cast<std::size_t>(otherwise)]);
  if (!text.ok()) return text.error();
  const auto found = std::ranges::find(names, *text);
  if (found == names.end())
    return unsupported_form(node, "with " + std::string(name) + " '" + *text + "'");
  return static_cast<E>(found - names.begin());
}

}  // namespace keel::onnx_io
