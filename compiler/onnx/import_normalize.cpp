#include <algorithm>

#include "compiler/onnx/importers.h"

namespace keel::onnx_io {

Result<ir::Op> import_softmax(NodeImport& node) {
  ir::Softmax op;
  op.log = node.onnx_op() == "LogSoftmax";
  op.flatten = node.opset() < 13;
  KEEL_TRY(op.axis, node.attributes().integer("axis", op.flatten ? 1 : -1));
  return ir::Op(op);
}

Result<ir::Op> import_layer_normalization(NodeImport& node) {
  ir::LayerNorm op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", -1));
  KEEL_TRY(op.epsilon, node.attributes().number("epsilon", 1e-5f));
  node.attributes().ignore("stash_type");  // every kernel computes statistics in fp32
  return ir::Op(op);
}

Result<ir::Op> import_batch_normalization(NodeImport& node) {
  ir::BatchNorm op;
  KEEL_TRY(op.epsilon, node.attributes().number("epsilon", 1e-5f));
  node.attributes().ignore("momentum");  // of training only
  if (node.opset() < 7) node.attributes().ignore("is_test");
  KEEL_TRY(const bool training, node.attributes().flag("training_mode", false));
  if (training) return unsupported_form(node, "in training mode");
  if (node.opset() < 9) {
    KEEL_TRY(const bool per_channel, node.attributes().flag("spatial", true));
    if (!per_channel) return unsupported_form(node, "with spatial=0");
  }
  return ir::Op(op);
}

Result<ir::Op> import_instance_normalization(NodeImport& node) {
  ir::InstanceNorm op;
  KEEL_TRY(op.epsilon, node.attributes().number("epsilon", 1e-5f));
  return ir::Op(op);
}

Result<ir::Op> import_group_normalization(NodeImport& node) {
  ir::GroupNorm op;
  KEEL_TRY(op.groups, node.attributes().required_integer("num_groups"));
  KEEL_TRY(op.epsilon, node.attributes().number("epsilon", 1e-5f));
  node.attributes().ignore("stash_type");  // as of LayerNormalization
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
  KEEL_TRY(op.size, node.attributes().required_integer("size"));
  KEEL_TRY(op.alpha, node.attributes().number("alpha", op.alpha));
  KEEL_TRY(op.beta, node.attributes().number("beta", op.beta));
  KEEL_TRY(op.bias, node.attributes().number("bias", op.bias));
  return ir::Op(op);
}

Result<ir::Op> import_lp_normalization(NodeImport& node) {
  ir::LpNorm op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", -1));
  KEEL_TRY(op.p, node.attributes().integer("p", 2));
  return ir::Op(op);
}

Result<ir::Op> import_loss(NodeImport& node) {
  KEEL_TRY(const ir::Op named, import_plain(node));
  ir::Loss op = std::get<ir::Loss>(named);
  KEEL_TRY(const std::string reduction, node.attributes().text("reduction", "mean"));
  const auto found = std::ranges::find(ir::kLossReductionNames, reduction);
  if (found == ir::kLossReductionNames.end())
    return invalid_node("attribute 'reduction' is '" + reduction + "', not none, sum or mean");
  op.reduction = static_cast<ir::LossReduction>(found - ir::kLossReductionNames.begin());
  op.ignores = node.attributes().has("ignore_index");
  KEEL_TRY(op.ignored_label, node.attributes().integer("ignore_index", 0));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
