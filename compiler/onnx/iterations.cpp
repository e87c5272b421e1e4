#include "compiler/onnx/iterations.h"

#include <array>
#include <string>

#include "compiler/onnx/importers.h"

namespace keel::onnx_io {

Result<std::optional<bool>> known_condition(NodeImport& node, ir::ValueId condition) {
  KEEL_TRY(const Tensor* content, node.known().content(condition));
  if (content == nullptr) return std::optional<bool>();
  if (content->dtype() != DType::Bool || content->size() != 1)
    return invalid_node("the condition is " + to_text(content->type()) + ", not one bool");
  return std::optional(content->as<std::uint8_t>()[0] != 0);
}

ir::ValueId stacked(NodeImport& node, const Values& parts, std::int64_t axis) {
  const ir::ValueId axes = node.add_constant("scan_axis", make_i64({1}, std::array{axis}));
  Values slices;
  for (const ir::ValueId part : parts)
    slices.push_back(node.add_partial(ir::Reshape{ir::ReshapeKind::Unsqueeze}, {part, axes}));
  if (slices.size() == 1) return slices[0];
  return node.add_partial(ir::Concat{axis}, slices);
}

Error too_long(const NodeImport& node) {
  return unsupported_form(node,
                          "of more than " + std::to_string(kMostLoopIterations) + " iterations");
}

}  // namespace keel::onnx_io
