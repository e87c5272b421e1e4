#include <array>

#include "compiler/onnx/importers.h"

namespace keel::onnx_io {

Result<ir::Op> import_instance_normalization(NodeImport& node) {
  KEEL_TRY(const float epsilon, node.attributes().number("epsilon", 1e-5f));
  return ir::Op(ir::InstanceNorm{epsilon});
}

Result<ir::Op> import_group_normalization(NodeImport& node) {
  ir::GroupNorm op;
  KEEL_TRY(op.groups, node.attributes().required_integer("num_groups"));
  KEEL_TRY(op.epsilon, node.attributes().number("epsilon", 1e-5f));
  node.attributes().ignore("stash_type");  // the chip computes in fp32 inside
  return ir::Op(op);
}

Result<ir::Op> import_mean_variance_normalization(NodeImport& node) {
  ir::MeanVarianceNorm op;
  if (node.attributes().has("axes")) {
    KEEL_TRY(op.axes, node.attributes().integers("axes"));
  }
  return ir::Op(op);
}

Result<ir::Op> import_lrn(NodeImport& node) {
  ir::Lrn op;
  KEEL_TRY(op.alpha, node.attributes().number("alpha", op.alpha));
  KEEL_TRY(op.beta, node.attributes().number("beta", op.beta));
  KEEL_TRY(op.bias, node.attributes().number("bias", op.bias));
  KEEL_TRY(op.size, node.attributes().required_integer("size"));
  return ir::Op(op);
}

Result<ir::Op> import_lp_normalization(NodeImport& node) {
  ir::LpNorm op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", -1));
  KEEL_TRY(op.p, node.attributes().integer("p", 2));
  return ir::Op(op);
}

Result<ir::Op> import_loss(NodeImport& node) {
  ir::Loss op;
  if (node.onnx_op() == "SoftmaxCrossEntropyLoss") op.kind = ir::LossKind::SoftmaxCrossEntropyLoss;
  KEEL_TRY(op.reduction, kind_attribute(node, "reduction", op.reduction));
  op.ignores = node.attributes().has("ignore_index");
  KEEL_TRY(op.ignored_label, node.attributes().integer("ignore_index", 0));
  return ir::Op(op);
}

Result<ir::Op> import_einsum(NodeImport& node) {
  const Result<std::string> text = node.attributes().text("equation", "");
  if (!text.ok()) return text.error();
  ir::Einsum op{*text};
  std::erase(op.equation, ' ');
  return ir::Op(op);
}

Result<ir::Op> import_conv_transpose(NodeImport& node) {
  ir::ConvTranspose op;
  KEEL_TRY(op.strides, node.attributes().integers("strides", 1));
  KEEL_TRY(op.dilations, node.attributes().integers("dilations", 1));
  KEEL_TRY(op.pads, node.attributes().integers("pads", 0));
  KEEL_TRY(op.output_padding, node.attributes().integers("output_padding", 0));
  KEEL_TRY(op.output_shape, node.attributes().integers("output_shape", 1));
  KEEL_TRY(op.group, node.attributes().integer("group", 1));
  KEEL_TRY(op.auto_pad, kind_attribute(node, "auto_pad", op.auto_pad));
  node.attributes().ignore("kernel_shape");  // that of the weights
  return ir::Op(op);
}

Result<ir::Op> import_max_unpool(NodeImport& node) {
  ir::MaxUnpool op;
  KEEL_TRY(op.kernel, node.attributes().integers("kernel_shape", 1));
  KEEL_TRY(op.strides, node.attributes().integers("strides", 1));
  KEEL_TRY(op.pads, node.attributes().integers("pads", 0));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
