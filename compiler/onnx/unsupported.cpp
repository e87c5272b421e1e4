#include "compiler/onnx/unsupported.h"

#include <algorithm>

namespace keel::onnx_io {
namespace {

constexpr std::size_t kNamesShown = 20;  // as many as a terminal shows with the rest of the error

}  // namespace

void Unsupported::add(const std::string& label, const std::string& node) {
  ++nodes_with_[label];
  nodes_.push_back(node);
}

Status Unsupported::check() const {
  if (nodes_.empty()) return Done{};
  std::string what = std::to_string(nodes_with_.size()) +
                     (nodes_with_.size() == 1 ? " operator" : " operators") + " cannot be run: ";
  const char* separator = "";
  for (const auto& [label, count] : nodes_with_) {
    what += separator + label + " (" + std::to_string(count) + (count == 1 ? " node)" : " nodes)");
    separator = ", ";
  }
  std::string where = nodes_.size() == 1 ? "node " : "nodes ";
  for (std::size_t i = 0; i < std::min(nodes_.size(), kNamesShown); ++i)
    where += (i == 0 ? "'" : ", '") + nodes_[i] + "'";
  if (nodes_.size() > kNamesShown)
    where += " and " + std::to_string(nodes_.size() - kNamesShown) + " more";
  return Error{ErrorCode::InvalidModel, what, where,
               "export the model with these decomposed or folded (fixed input shapes fold most "
               "Shape, If and Loop nodes), or cut the model before them"};
}

}  // namespace keel::onnx_io
