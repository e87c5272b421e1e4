#include <algorithm>
#include <array>

#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

using ir::ResizeCoordinates;
using ir::ResizeMode;
using ir::ResizeRounding;

Result<std::string> text(NodeImport& node, std::string_view name, std::string_view otherwise) {
  return node.attributes().text(name, otherwise);
}

Status read_resize(NodeImport& node, ir::Resize& op) {
  KEEL_TRY(op.mode, kind_attribute(node, "mode", op.mode));
  KEEL_TRY(op.rounding, kind_attribute(node, "nearest_mode", op.rounding));
  KEEL_TRY(op.cubic_a, node.attributes().number("cubic_coeff_a", op.cubic_a));
  KEEL_TRY(op.extrapolation, node.attributes().number("extrapolation_value", 0));
  KEEL_TRY(op.exclude_outside, node.attributes().flag("exclude_outside", false));
  if (node.opset() >= 18) {
    KEEL_TRY(op.antialias, node.attributes().flag("antialias", false));
    KEEL_TRY(op.axes, node.attributes().integers("axes"));
    KEEL_TRY(op.aspect, kind_attribute(node, "keep_aspect_ratio_policy", op.aspect));
  }
  KEEL_TRY(op.coordinates, kind_attribute(node, "coordinate_transformation_mode", op.coordinates));
  return Done{};
}

// Before opset 11: element i of the result comes from i / scale, rounded down where an axis grows
// and up where it shrinks. A model that does both becomes two nodes, as a Resize rounds one way.
Result<ir::Op> scaled(NodeImport& node, ResizeMode mode) {
  ir::Resize op;
  op.mode = mode;
  op.coordinates = ResizeCoordinates::Asymmetric;
  op.rounding = ResizeRounding::Floor;
  std::vector<ir::ValueId>& inputs = node.inputs();
  if (inputs.size() != 2 || !node.has_input(1))
    return invalid_node(node.onnx_op() + " has no scales");
  const ir::ValueId x = inputs[0], scales = inputs[1];
  inputs = {x, ir::kNoValue, scales};
  const Tensor* known = node.constant(2);
  if (mode != ResizeMode::Nearest || known == nullptr || known->dtype() != DType::F32)
    return ir::Op(op);
  std::vector<float> shrinking, growing;
  for (const float scale : known->as<float>()) {
    shrinking.push_back(std::min(scale, 1.0f));
    growing.push_back(std::max(scale, 1.0f));
  }
  const auto is_one = [](float scale) { return scale == 1; };
  if (std::ranges::all_of(shrinking, is_one)) return ir::Op(op);
  ir::Resize shrink = op;
  shrink.rounding = ResizeRounding::Ceil;
  if (std::ranges::all_of(growing, is_one)) return ir::Op(shrink);
  const Shape shape = known->shape();
  const ir::ValueId first = node.add_constant("shrinking", make_f32(shape, shrinking));
  const ir::ValueId second = node.add_constant("growing", make_f32(shape, growing));
  inputs = {node.add_partial(shrink, {x, ir::kNoValue, first}), ir::kNoValue, second};
  return ir::Op(op);
}

}  // namespace

Result<ir::Op> import_resize(NodeImport& node) {
  ir::Resize op;
  if (node.opset() < 11) {
    KEEL_TRY(op.mode, kind_attribute(node, "mode", op.mode));
    return scaled(node, op.mode);
  }
  KEEL_TRY_STATUS(read_resize(node, op));
  // Other transformations do not read it.
  if (op.coordinates != ResizeCoordinates::TfCropAndResize && node.has_input(1))
    node.inputs()[1] = ir::kNoValue;
  return ir::Op(op);
}

Result<ir::Op> import_upsample(NodeImport& node) {
  KEEL_TRY(const ResizeMode mode, kind_attribute(node, "mode", ResizeMode::Nearest));
  if (node.opset() < 9) {
    KEEL_TRY(const std::vector<float> scales, node.attributes().numbers("scales"));
    KEEL_TRY_STATUS(
        node.set_input(1, "scales", make_f32({static_cast<std::int64_t>(scales.size())}, scales)));
  }
  return scaled(node, mode);
}

Result<ir::Op> import_grid_sample(NodeImport& node) {
  ir::GridSample op;
  // Opset 20 renamed two of the modes.
  const Result<std::string> mode = text(node, "mode", node.opset() < 20 ? "bilinear" : "linear");
  if (!mode.ok()) return mode.error();
  if (*mode == "bilinear") {
    op.mode = ResizeMode::Linear;
  } else if (*mode == "bicubic") {
    op.mode = ResizeMode::Cubic;
  } else {
    KEEL_TRY(op.mode, kind_attribute(node, "mode", op.mode));
  }
  KEEL_TRY(op.padding, kind_attribute(node, "padding_mode", op.padding));
  KEEL_TRY(op.align_corners, node.attributes().flag("align_corners", false));
  return ir::Op(op);
}

Result<ir::Op> import_roi_align(NodeImport& node) {
  ir::RoiAlign op;
  KEEL_TRY(op.height, node.attributes().integer("output_height", 1));
  KEEL_TRY(op.width, node.attributes().integer("output_width", 1));
  KEEL_TRY(op.sampling_ratio, node.attributes().integer("sampling_ratio", 0));
  KEEL_TRY(op.spatial_scale, node.attributes().number("spatial_scale", 1));
  const Result<std::string> mode = text(node, "mode", "avg");
  if (!mode.ok()) return mode.error();
  if (*mode != "avg" && *mode != "max") return unsupported_form(node, "with mode '" + *mode + "'");
  op.max = *mode == "max";
  if (node.opset() >= 16) {
    const Result<std::string> coordinates =
        text(node, "coordinate_transformation_mode", "half_pixel");
    if (!coordinates.ok()) return coordinates.error();
    op.half_pixel = *coordinates == "half_pixel";
    if (!op.half_pixel && *coordinates != "output_half_pixel")
      return unsupported_form(node, "with coordinate_transformation_mode '" + *coordinates + "'");
  }
  return ir::Op(op);
}

}  // namespace keel::onnx_io
