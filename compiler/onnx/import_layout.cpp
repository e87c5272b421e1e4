#include <array>

#include "compiler/base/host_type.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

// Pads of some axes as pads of all. All of it is folded as soon as the rank of x is known.
void spread_pads(NodeImport& node) {
  std::vector<ir::ValueId>& inputs = node.inputs();
  const ir::ValueId axes = inputs[3];
  const ir::ValueId shape = node.add_partial(ir::ShapeOf{}, {inputs[0]});
  const ir::ValueId none = node.add_partial(ir::Binary{ir::BinaryKind::Sub}, {shape, shape});
  const ir::ValueId halves = node.add_partial(
      ir::Reshape{}, {inputs[1], node.add_constant("halves", make_i64({2}, std::array{2L, -1L}))});
  std::vector<ir::ValueId> spread;
  for (const std::int64_t half : {0L, 1L}) {
    const ir::ValueId which =
        node.add_constant(half == 0 ? "begins" : "ends", make_i64({}, std::array{half}));
    const ir::ValueId pads = node.add_partial(ir::Gather{}, {halves, which});
    spread.push_back(node.add_partial(ir::ScatterElements{}, {none, axes, pads}));
  }
  inputs[1] = node.add_partial(ir::Concat{}, spread);
  inputs.resize(node.has_input(2) ? 3 : 2);
}

}  // namespace

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
  ir::Pad op;
  KEEL_TRY(op.mode, kind_attribute(node, "mode", op.mode));
  if (node.opset() < 11) {
    KEEL_TRY_STATUS(attribute_to_input(node, "pads", 1));
    KEEL_TRY_STATUS(number_to_input(node, "value", 2));
  }
  if (node.has_input(3) && node.has_input(0) && node.has_input(1)) spread_pads(node);
  if (op.mode != ir::PadMode::Constant && node.has_input(2)) node.inputs().resize(2);
  return ir::Op(op);
}

Result<ir::Op> import_depth_space(NodeImport& node) {
  KEEL_TRY(const ir::Op named, import_plain(node));
  ir::DepthSpace op = std::get<ir::DepthSpace>(named);
  KEEL_TRY(op.block, node.attributes().required_integer("blocksize"));
  if (op.kind == ir::DepthSpaceKind::SpaceToDepth || node.opset() < 11) return ir::Op(op);
  const Result<std::string> mode = node.attributes().text("mode", "DCR");
  if (!mode.ok()) return mode.error();
  if (*mode != "DCR" && *mode != "CRD") return unsupported_form(node, "with mode '" + *mode + "'");
  op.channel_first = *mode == "CRD";
  return ir::Op(op);
}

Result<ir::Op> import_reverse_sequence(NodeImport& node) {
  ir::ReverseSequence op;
  KEEL_TRY(op.batch_axis, node.attributes().integer("batch_axis", 1));
  KEEL_TRY(op.time_axis, node.attributes().integer("time_axis", 0));
  return ir::Op(op);
}

Result<ir::Op> import_trilu(NodeImport& node) {
  KEEL_TRY(const bool upper, node.attributes().flag("upper", true));
  return ir::Op(ir::Trilu{upper});
}

Result<ir::Op> import_center_crop_pad(NodeImport& node) {
  KEEL_TRY(ir::Ints axes, node.attributes().integers("axes"));
  return ir::Op(ir::CenterCropPad{std::move(axes)});
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
