#include <algorithm>
#include <array>

#include "compiler/onnx/element_type.h"
#include "compiler/onnx/importers.h"

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
  KEEL_TRY(op.reduction, kind_attribute(node, "reduction", op.reduction));
  return ir::Op(op);
}

Result<ir::Op> import_scatter_nd(NodeImport& node) {
  ir::ScatterNd op;
  KEEL_TRY(op.reduction, kind_attribute(node, "reduction", op.reduction));
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
    KEEL_TRY(const std::int64_t number, node.attributes().required_integer("dtype"));
    const std::optional<DType> dtype = dtype_of(number);
    if (!dtype) return unsupported_form(node, "of " + element_type_name(number));
    op.dtype = *dtype;
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
  KEEL_TRY(const bool center_point, node.attributes().flag("center_point_box", false));
  return ir::Op(ir::NonMaxSuppression{center_point});
}

Result<ir::Op> import_arg_reduce(NodeImport& node) {
  KEEL_TRY(const ir::Op named, import_plain(node));
  ir::ArgReduce op = std::get<ir::ArgReduce>(named);
  KEEL_TRY(op.axis, node.attributes().integer("axis", 0));
  KEEL_TRY(op.keepdims, node.attributes().flag("keepdims", true));
  if (node.opset() >= 12) {
    KEEL_TRY(op.select_last, node.attributes().flag("select_last_index", false));
  }
  return ir::Op(op);
}

Result<ir::Op> import_top_k(NodeImport& node) {
  ir::TopK op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", -1));
  if (node.opset() < 10) {
    KEEL_TRY(const std::int64_t k, node.attributes().required_integer("k"));
    KEEL_TRY_STATUS(node.set_input(1, "k", make_i64({1}, std::array{k})));
  }
  if (node.opset() >= 11) {
    KEEL_TRY(op.largest, node.attributes().flag("largest", true));
    KEEL_TRY(op.sorted, node.attributes().flag("sorted", true));
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
  ir::Hardmax op;
  op.flatten = node.opset() < 13;
  KEEL_TRY(op.axis, node.attributes().integer("axis", op.flatten ? 1 : -1));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
