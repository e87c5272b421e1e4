#include <algorithm>

#include "compiler/base/shape.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

Result<ir::AutoPad> auto_pad_of(NodeImport& node) {
  KEEL_TRY(const std::string text, node.attributes().text("auto_pad", "NOTSET"));
  const auto found = std::ranges::find(ir::kAutoPadNames, text);
  if (found == ir::kAutoPadNames.end())
    return invalid_node("attribute 'auto_pad' is '" + text + "', which is no kind of padding");
  return static_cast<ir::AutoPad>(found - ir::kAutoPadNames.begin());
}

// The lists Conv and Pool share; both families name them alike.
template <class Family>
Status read_window(NodeImport& node, Family& op) {
  KEEL_TRY(op.strides, node.attributes().integers("strides", 1));
  KEEL_TRY(op.dilations, node.attributes().integers("dilations", 1));
  KEEL_TRY(op.pads, node.attributes().integers("pads", 0));
  KEEL_TRY(op.auto_pad, auto_pad_of(node));
  return Done{};
}

// A convolution, whose kernel_shape repeats what the weights, input `w`, say.
template <class Family>
Status read_convolution(NodeImport& node, Family& op, std::size_t w) {
  KEEL_TRY_STATUS(read_window(node, op));
  KEEL_TRY(op.group, node.attributes().integer("group", 1));
  if (op.group < 1)
    return invalid_node("attribute 'group' is " + std::to_string(op.group) + ", less than 1");
  KEEL_TRY(const ir::Ints kernel, node.attributes().integers("kernel_shape", 1));
  const Tensor* weights = node.constant(w);
  if (!kernel.empty() && weights != nullptr) {
    const Shape& shape = weights->shape();
    const std::size_t lead = std::min<std::size_t>(shape.size(), 2);
    if (!std::ranges::equal(kernel, std::span(shape).subspan(lead)))
      return invalid_node("attribute 'kernel_shape' is " + to_text(kernel) +
                          ", the weights have shape " + to_text(shape));
  }
  return Done{};
}

Result<ir::Ints> required_kernel(NodeImport& node) {
  if (!node.attributes().has("kernel_shape"))
    return invalid_node("attribute 'kernel_shape' is missing");
  return node.attributes().integers("kernel_shape", 1);
}

}  // namespace

Result<ir::Op> import_conv(NodeImport& node) {
  ir::Conv op;
  KEEL_TRY_STATUS(read_convolution(node, op, 1));
  return ir::Op(op);
}

Result<ir::Op> import_conv_transpose(NodeImport& node) {
  ir::ConvTranspose op;
  KEEL_TRY_STATUS(read_convolution(node, op, 1));
  KEEL_TRY(op.output_padding, node.attributes().integers("output_padding", 0));
  KEEL_TRY(op.output_shape, node.attributes().integers("output_shape", 0));
  return ir::Op(op);
}

Result<ir::Op> import_conv_integer(NodeImport& node) {
  ir::ConvInteger op;
  KEEL_TRY_STATUS(read_convolution(node, op, 1));
  return ir::Op(op);
}

Result<ir::Op> import_qlinear_conv(NodeImport& node) {
  ir::QLinearConv op;
  KEEL_TRY_STATUS(read_convolution(node, op, 3));
  return ir::Op(op);
}

Result<ir::Op> import_einsum(NodeImport& node) {
  ir::Einsum op;
  KEEL_TRY(op.equation, node.attributes().text("equation", ""));
  if (!node.attributes().has("equation")) return invalid_node("attribute 'equation' is missing");
  std::erase(op.equation, ' ');
  return ir::Op(op);
}

Result<ir::Op> import_gemm(NodeImport& node) {
  ir::Gemm op;
  if (node.opset() < 7) node.attributes().ignore("broadcast");  // as later: to the result's shape
  KEEL_TRY(op.alpha, node.attributes().number("alpha", 1));
  KEEL_TRY(op.beta, node.attributes().number("beta", 1));
  KEEL_TRY(op.trans_a, node.attributes().flag("transA", false));
  KEEL_TRY(op.trans_b, node.attributes().flag("transB", false));
  return ir::Op(op);
}

Result<ir::Op> import_pool(NodeImport& node) {
  KEEL_TRY(const ir::Op named, import_plain(node));
  ir::Pool op = std::get<ir::Pool>(named);
  KEEL_TRY_STATUS(read_window(node, op));
  KEEL_TRY(op.kernel, required_kernel(node));
  KEEL_TRY(op.ceil_mode, node.attributes().flag("ceil_mode", false));
  if (op.kind == ir::PoolKind::AveragePool) {
    KEEL_TRY(op.count_include_pad, node.attributes().flag("count_include_pad", false));
  } else if (op.kind == ir::PoolKind::MaxPool) {
    KEEL_TRY(const bool column_major, node.attributes().flag("storage_order", false));
    op.column_major = column_major && node.output_count() > 1;  // of the indices only
  } else {
    KEEL_TRY(op.p, node.attributes().integer("p", 2));
  }
  return ir::Op(op);
}

Result<ir::Op> import_global_lp_pool(NodeImport& node) {
  ir::Pool op;
  op.kind = ir::PoolKind::GlobalLpPool;
  KEEL_TRY(op.p, node.attributes().integer("p", 2));
  return ir::Op(op);
}

Result<ir::Op> import_max_unpool(NodeImport& node) {
  ir::MaxUnpool op;
  KEEL_TRY(op.kernel, required_kernel(node));
  KEEL_TRY(op.strides, node.attributes().integers("strides", 1));
  KEEL_TRY(op.pads, node.attributes().integers("pads", 0));
  return ir::Op(op);
}

Result<ir::Op> import_reduce(NodeImport& node) {
  KEEL_TRY(const ir::Op named, import_plain(node));
  ir::Reduce op = std::get<ir::Reduce>(named);
  KEEL_TRY(op.keepdims, node.attributes().flag("keepdims", true));
  const std::int64_t axes_are_input_since = op.kind == ir::ReduceKind::ReduceSum ? 13 : 18;
  if (node.opset() < axes_are_input_since) {
    KEEL_TRY_STATUS(attribute_to_input(node, "axes", 1));
  } else {
    KEEL_TRY(op.noop_with_empty_axes, node.attributes().flag("noop_with_empty_axes", false));
  }
  return ir::Op(op);
}

}  // namespace keel::onnx_io
