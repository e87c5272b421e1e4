#include <algorithm>
#include <array>

#include "compiler/base/host_type.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {

Result<ir::Op> import_reshape(NodeImport& node) {
  ir::Reshape op{ir::ReshapeKind::Reshape};
  KEEL_TRY(op.allow_zero, node.attributes().flag("allowzero", false));
  return ir::Op(op);
}

Result<ir::Op> import_squeeze(NodeImport& node) {
  if (node.opset() < 13) {
    KEEL_TRY_STATUS(attribute_to_input(node, "axes", 1));
  }
  return ir::Op(ir::Reshape{ir::ReshapeKind::Squeeze});
}

Result<ir::Op> import_unsqueeze(NodeImport& node) {
  if (node.opset() < 13) {
    KEEL_TRY_STATUS(attribute_to_input(node, "axes", 1));
  }
  return ir::Op(ir::Reshape{ir::ReshapeKind::Unsqueeze});
}

Result<ir::Op> import_flatten(NodeImport& node) {
  ir::Reshape op{ir::ReshapeKind::Flatten};
  KEEL_TRY(op.axis, node.attributes().integer("axis", 1));
  return ir::Op(op);
}

Result<ir::Op> import_transpose(NodeImport& node) {
  KEEL_TRY(ir::Ints perm, node.attributes().integers("perm", 0));
  return ir::Op(ir::Transpose{std::move(perm)});
}

Result<ir::Op> import_concat(NodeImport& node) {
  KEEL_TRY(const std::int64_t axis, node.attributes().required_integer("axis"));
  return ir::Op(ir::Concat{axis});
}

Result<ir::Op> import_slice(NodeImport& node) {
  if (node.opset() < 10) {
    KEEL_TRY_STATUS(attribute_to_input(node, "starts", 1));
    KEEL_TRY_STATUS(attribute_to_input(node, "ends", 2));
    KEEL_TRY_STATUS(attribute_to_input(node, "axes", 3));
  }
  return ir::Op(ir::Slice{});
}

Result<ir::Op> import_split(NodeImport& node) {
  ir::Split op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", 0));
  if (node.opset() < 13) {
    KEEL_TRY_STATUS(attribute_to_input(node, "split", 1));
  }
  const auto outputs = static_cast<std::int64_t>(node.output_count());
  KEEL_TRY(const std::int64_t parts, node.attributes().integer("num_outputs", outputs));
  if (parts != outputs)
    return invalid_node("attribute 'num_outputs' is " + std::to_string(parts) + ", the node has " +
                        std::to_string(outputs) + " outputs");
  return ir::Op(op);
}

Result<ir::Op> import_gather(NodeImport& node) {
  KEEL_TRY(const std::int64_t axis, node.attributes().integer("axis", 0));
  return ir::Op(ir::Gather{axis});
}

Result<ir::Op> import_pad(NodeImport& node) {
  // By reference: g++ 12 sees an uninitialised string where it is moved out.
  const Result<std::string> mode = node.attributes().text("mode", "constant");
  if (!mode.ok()) return mode.error();
  const auto known = std::ranges::find(ir::kPadModeNames, *mode);
  if (known == ir::kPadModeNames.end()) return unsupported_form(node, "with mode '" + *mode + "'");
  const ir::Pad op{static_cast<ir::PadMode>(known - ir::kPadModeNames.begin())};
  if (node.opset() < 11) {
    KEEL_TRY_STATUS(attribute_to_input(node, "pads", 1));
    KEEL_TRY(const float value, node.attributes().number("value", 0));
    KEEL_TRY_STATUS(node.set_input(2, "value", make_f32({}, std::array{value})));
  }
  if (node.has_input(3)) return unsupported_form(node, "with axes");
  if (op.mode != ir::PadMode::Constant && node.has_input(2)) node.inputs().resize(2);
  return ir::Op(op);
}

Result<ir::Op> import_shape(NodeImport& node) {
  ir::ShapeOf op;
  KEEL_TRY(op.start, node.attributes().integer("start", 0));
  KEEL_TRY(op.end, node.attributes().integer("end", INT64_MAX));
  return ir::Op(op);
}

Result<ir::Op> import_constant_of_shape(NodeImport& node) {
  if (!node.attributes().has("value")) return ir::Op(ir::ConstantOfShape{});
  KEEL_TRY(const Tensor value, node.attributes().tensor("value"));
  if (value.size() != 1)
    return invalid_node("attribute 'value' has " + std::to_string(value.size()) +
                        " elements, not one");
  return with_host_type(value.dtype(), [&](auto zero) -> Result<ir::Op> {
    using T = decltype(zero);
    const T element = value.as<T>()[0];
    const auto as_float = static_cast<float>(element);
    // Beyond 2^63 a float does not convert back to an integer, so compare as long double.
    if (static_cast<long double>(as_float) != static_cast<long double>(element))
      return unsupported_form(node, "of a value that is no fp32 number");
    return ir::Op(ir::ConstantOfShape{as_float, value.dtype()});
  });
}

}  // namespace keel::onnx_io
