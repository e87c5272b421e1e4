#include <algorithm>
#include <array>

#include "compiler/onnx/importers.h"
#include "compiler/onnx/named_attribute.h"

namespace keel::onnx_io {
Result<ir::Op> import_gather_elements(NodeImport& node) {
  KEEL_TRY(const std::int64_t axis, node.attributes().integer("axis", 0));
  return ir::Op(ir::GatherElements{axis});
}

Result<ir::Op> import_gather_nd(NodeImport& node) {
  KEEL_TRY(const std::int64_t batch_dims, node.attributes().integer("batch_dims", 0));
  return ir::Op(ir::GatherNd{batch_dims});
}

Result<ir::Op> import_scatter_elements(NodeImport& node) {
  ir::ScatterElements op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", 0));
  KEEL_TRY(op.reduction,
           named_attribute(node, "reduction", ir::kScatterReductionNames, op.reduction));
  return ir::Op(op);
}

Result<ir::Op> import_scatter_nd(NodeImport& node) {
  ir::ScatterNd op;
  KEEL_TRY(op.reduction,
           named_attribute(node, "reduction", ir::kScatterReductionNames, op.reduction));
  return ir::Op(op);
}

Result<ir::Op> import_one_hot(NodeImport& node) {
  KEEL_TRY(const std::int64_t axis, node.attributes().integer("axis", -1));
  return ir::Op(ir::OneHot{axis});
}

Result<ir::Op> import_eye_like(NodeImport& node) {
  ir::EyeLike op;
  KEEL_TRY(op.k, node.attributes().integer("k", 0));
  op.has_dtype = node.attributes().has("dtype");
  if (op.has_dtype) {
    KEEL_TRY(op.dtype, element_type_attribute(node, "dtype", op.dtype));
  }
  return ir::Op(op);
}

Result<ir::Op> import_compress(NodeImport& node) {
  ir::Compress op;
  op.has_axis = node.attributes().has("axis");
  KEEL_TRY(op.axis, node.attributes().integer("axis", 0));
  return ir::Op(op);
}

Result<ir::Op> import_unique(NodeImport& node) {
  ir::Unique op;
  op.has_axis = node.attributes().has("axis");
  KEEL_TRY(op.axis, node.attributes().integer("axis", 0));
  KEEL_TRY(op.sorted, node.attributes().flag("sorted", true));
  return ir::Op(op);
}

Result<ir::Op> import_non_max_suppression(NodeImport& node) {
  ir::NonMaxSuppression op;
  KEEL_TRY(op.center_point_box, node.attributes().flag("center_point_box", false));
  return ir::Op(op);
}

Result<ir::Op> import_arg_reduce(NodeImport& node) {
  ir::ArgReduce op;
  op.kind = node.onnx_op() == "ArgMax" ? ir::ArgReduceKind::ArgMax : ir::ArgReduceKind::ArgMin;
  KEEL_TRY(op.axis, node.attributes().integer("axis", 0));
  KEEL_TRY(op.keepdims, node.attributes().flag("keepdims", true));
  KEEL_TRY(op.select_last, node.attributes().flag("select_last_index", false));
  return ir::Op(op);
}

Result<ir::Op> import_top_k(NodeImport& node) {
  ir::TopK op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", -1));
  KEEL_TRY(op.largest, node.attributes().flag("largest", true));
  KEEL_TRY(op.sorted, node.attributes().flag("sorted", true));
  if (node.opset() < 10) {
    KEEL_TRY(const std::int64_t k, node.attributes().required_integer("k"));
    KEEL_TRY_STATUS(node.set_input(1, "k", make_i64({1}, std::array{k})));
  }
  return ir::Op(op);
}

Result<ir::Op> import_cum_sum(NodeImport& node) {
  ir::CumSum op;
  KEEL_TRY(op.exclusive, node.attributes().flag("exclusive", false));
  KEEL_TRY(op.reverse, node.attributes().flag("reverse", false));
  return ir::Op(op);
}

Result<ir::Op> import_hardmax(NodeImport& node) {
  const bool flatten = node.opset() < 13;
  KEEL_TRY(const std::int64_t axis, node.attributes().integer("axis", flatten ? 1 : -1));
  return ir::Op(ir::Hardmax{axis, flatten});
}

Result<ir::Op> import_depth_space(NodeImport& node) {
  ir::DepthSpace op;
  if (node.onnx_op() == "SpaceToDepth") op.kind = ir::DepthSpaceKind::SpaceToDepth;
  KEEL_TRY(op.block, node.attributes().required_integer("blocksize"));
  constexpr auto kModes = std::to_array<std::string_view>({"DCR", "CRD"});
  if (op.kind == ir::DepthSpaceKind::DepthToSpace) {
    KEEL_TRY(const int mode, named_attribute(node, "mode", kModes, 0));
    op.channel_first = mode == 1;
  }
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

Result<ir::Op> import_resize(NodeImport& node) {
  ir::Resize op;
  KEEL_TRY(op.mode, named_attribute(node, "mode", ir::kResizeModeNames, op.mode));
  if (node.opset() < 11) {
    // What later became a choice was this one.
    op.coordinates = ir::ResizeCoordinates::Asymmetric;
    op.rounding = ir::ResizeRounding::Floor;
    node.inputs().insert(node.inputs().begin() + 1, ir::kNoValue);
    return ir::Op(op);
  }
  KEEL_TRY(op.coordinates, named_attribute(node, "coordinate_transformation_mode",
                                           ir::kResizeCoordinatesNames, op.coordinates));
  KEEL_TRY(op.rounding,
           named_attribute(node, "nearest_mode", ir::kResizeRoundingNames, op.rounding));
  KEEL_TRY(op.aspect,
           named_attribute(node, "keep_aspect_ratio_policy", ir::kAspectPolicyNames, op.aspect));
  KEEL_TRY(op.cubic_a, node.attributes().number("cubic_coeff_a", op.cubic_a));
  KEEL_TRY(op.extrapolation, node.attributes().number("extrapolation_value", 0));
  KEEL_TRY(op.exclude_outside, node.attributes().flag("exclude_outside", false));
  KEEL_TRY(op.antialias, node.attributes().flag("antialias", false));
  KEEL_TRY(op.axes, node.attributes().integers("axes"));
  // An empty tensor says that sizes are given instead, as an absent input does.
  if (node.has_input(3) && node.has_input(2)) node.inputs()[2] = ir::kNoValue;
  if (op.coordinates != ir::ResizeCoordinates::TfCropAndResize && node.has_input(1))
    node.inputs()[1] = ir::kNoValue;
  return ir::Op(op);
}

Result<ir::Op> import_upsample(NodeImport& node) {
  constexpr auto kModes = std::to_array<std::string_view>({"nearest", "linear", "bilinear"});
  KEEL_TRY(const int mode, named_attribute(node, "mode", kModes, 0));
  ir::Resize op;
  op.mode = mode == 0 ? ir::ResizeMode::Nearest : ir::ResizeMode::Linear;
  op.coordinates = ir::ResizeCoordinates::Asymmetric;
  op.rounding = ir::ResizeRounding::Floor;
  if (node.opset() < 9) {
    KEEL_TRY(const std::vector<float> scales, node.attributes().numbers("scales"));
    KEEL_TRY_STATUS(
        node.set_input(1, "scales", make_f32({static_cast<std::int64_t>(scales.size())}, scales)));
  }
  if (!node.has_input(1)) return invalid_node("Upsample has no scales");
  node.inputs().insert(node.inputs().begin() + 1, ir::kNoValue);
  return ir::Op(op);
}

Result<ir::Op> import_grid_sample(NodeImport& node) {
  // The names of opset 16, then those of 20.
  constexpr auto kModes = std::to_array<std::string_view>(
      {"nearest", "bilinear", "bicubic", "nearest", "linear", "cubic"});
  KEEL_TRY(const int mode, named_attribute(node, "mode", kModes, node.opset() < 20 ? 1 : 4));
  ir::GridSample op;
  op.mode = static_cast<ir::ResizeMode>(mode % 3);
  KEEL_TRY(op.padding, named_attribute(node, "padding_mode", ir::kGridPaddingNames, op.padding));
  KEEL_TRY(op.align_corners, node.attributes().flag("align_corners", false));
  return ir::Op(op);
}

Result<ir::Op> import_roi_align(NodeImport& node) {
  constexpr auto kModes = std::to_array<std::string_view>({"avg", "max"});
  constexpr auto kCoordinates =
      std::to_array<std::string_view>({"half_pixel", "output_half_pixel"});
  ir::RoiAlign op;
  KEEL_TRY(const int mode, named_attribute(node, "mode", kModes, 0));
  KEEL_TRY(const int coordinates, named_attribute(node, "coordinate_transformation_mode",
                                                  kCoordinates, node.opset() < 16 ? 1 : 0));
  op.max = mode == 1;
  op.half_pixel = coordinates == 0;
  KEEL_TRY(op.height, node.attributes().integer("output_height", 1));
  KEEL_TRY(op.width, node.attributes().integer("output_width", 1));
  KEEL_TRY(op.sampling_ratio, node.attributes().integer("sampling_ratio", 0));
  KEEL_TRY(op.spatial_scale, node.attributes().number("spatial_scale", 1));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
