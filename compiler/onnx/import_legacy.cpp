#include <algorithm>
#include <array>

#include "compiler/onnx/element_type.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

// Before opset 7 the second operand started at `axis` of the first, or ended where that ends.
Status align_to_axis(NodeImport& node, std::int64_t axis) {
  KEEL_TRY(const TensorType a, node.known_type(0));
  KEEL_TRY(const TensorType b, node.known_type(1));
  const auto rank = static_cast<std::int64_t>(a.shape.size());
  const auto own = static_cast<std::int64_t>(b.shape.size());
  const std::int64_t start = axis < 0 ? axis + rank : axis;
  if (start < 0 || start + own > rank)
    return invalid_node("attribute 'axis' is " + std::to_string(axis) + ", " + to_text(b.shape) +
                        " does not fit in " + to_text(a.shape) + " there");
  if (start + own == rank) return Done{};
  ir::Ints axes;
  for (std::int64_t i = own; i < rank - start; ++i) axes.push_back(i);
  const ir::ValueId content =
      node.add_constant("broadcast_axes", make_i64({static_cast<std::int64_t>(axes.size())}, axes));
  node.inputs()[1] =
      node.add_partial(ir::Reshape{ir::ReshapeKind::Unsqueeze}, {node.inputs()[1], content});
  return Done{};
}

}  // namespace

Result<ir::Op> import_binary(NodeImport& node) {
  if (node.opset() < 7) {
    KEEL_TRY(const bool broadcast, node.attributes().flag("broadcast", false));
    const bool has_axis = node.attributes().has("axis");
    KEEL_TRY(const std::int64_t axis, node.attributes().integer("axis", 0));
    if (broadcast && has_axis && node.has_input(0) && node.has_input(1)) {
      KEEL_TRY_STATUS(align_to_axis(node, axis));
    }
  }
  return import_plain(node);
}

Result<ir::Op> import_prelu(NodeImport& node) {
  // Before opset 7 a slope of one axis was that of the channels.
  if (node.opset() < 7 && node.has_input(0) && node.has_input(1)) {
    KEEL_TRY(const TensorType slope, node.known_type(1));
    if (slope.shape.size() == 1 && slope.shape[0] != 1) {
      KEEL_TRY_STATUS(align_to_axis(node, 1));
    }
  }
  return import_plain(node);
}

Result<std::int64_t> legacy_element_type(NodeImport& node) {
  const Result<std::string> text = node.attributes().text("to", "");
  if (!text.ok()) return text.error();
  std::int64_t type = 1;
  while (element_type_name(type) != *text && type < 32) ++type;
  if (type == 32) return invalid_node("attribute 'to' is '" + *text + "', not an element type");
  return type;
}

}  // namespace keel::onnx_io
