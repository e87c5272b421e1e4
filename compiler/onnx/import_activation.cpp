#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

Result<ir::Op> with_alpha(NodeImport& node, ir::UnaryKind kind, float otherwise) {
  KEEL_TRY(const float alpha, node.attributes().number("alpha", otherwise));
  return ir::Op(ir::Unary{kind, alpha});
}

}  // namespace

Result<ir::Op> import_leaky_relu(NodeImport& node) {
  return with_alpha(node, ir::UnaryKind::LeakyRelu, 0.01f);
}

Result<ir::Op> import_elu(NodeImport& node) { return with_alpha(node, ir::UnaryKind::Elu, 1); }

Result<ir::Op> import_celu(NodeImport& node) { return with_alpha(node, ir::UnaryKind::Celu, 1); }

Result<ir::Op> import_thresholded_relu(NodeImport& node) {
  return with_alpha(node, ir::UnaryKind::ThresholdedRelu, 1);
}

Result<ir::Op> import_selu(NodeImport& node) {
  KEEL_TRY(const float alpha, node.attributes().number("alpha", 1.67326319217681884765625f));
  KEEL_TRY(const float gamma, node.attributes().number("gamma", 1.05070102214813232421875f));
  return ir::Op(ir::Unary{ir::UnaryKind::Selu, alpha, gamma});
}

Result<ir::Op> import_hard_sigmoid(NodeImport& node) {
  KEEL_TRY(const float alpha, node.attributes().number("alpha", 0.2f));
  KEEL_TRY(const float beta, node.attributes().number("beta", 0.5f));
  return ir::Op(ir::Unary{ir::UnaryKind::HardSigmoid, alpha, beta});
}

Result<ir::Op> import_gelu(NodeImport& node) {
  const Result<std::string> form = node.attributes().text("approximate", "none");
  if (!form.ok()) return form.error();
  if (*form != "none" && *form != "tanh")
    return unsupported_form(node, "with approximate '" + *form + "'");
  return ir::Op(ir::Unary{ir::UnaryKind::Gelu, *form == "tanh" ? 1.0f : 0.0f});
}

Result<ir::Op> import_shrink(NodeImport& node) {
  KEEL_TRY(const float bias, node.attributes().number("bias", 0));
  KEEL_TRY(const float lambd, node.attributes().number("lambd", 0.5f));
  return ir::Op(ir::Unary{ir::UnaryKind::Shrink, bias, lambd});
}

Result<ir::Op> import_is_inf(NodeImport& node) {
  KEEL_TRY(const bool positive, node.attributes().flag("detect_positive", true));
  KEEL_TRY(const bool negative, node.attributes().flag("detect_negative", true));
  return ir::Op(ir::Unary{ir::UnaryKind::IsInf, positive ? 1.0f : 0.0f, negative ? 1.0f : 0.0f});
}

Result<ir::Op> import_mod(NodeImport& node) {
  KEEL_TRY(const bool fmod, node.attributes().flag("fmod", false));
  return ir::Op(ir::Binary{ir::BinaryKind::Mod, fmod});
}

Result<ir::Op> import_bit_shift(NodeImport& node) {
  const Result<std::string> direction = node.attributes().text("direction", "");
  if (!direction.ok()) return direction.error();
  if (*direction != "LEFT" && *direction != "RIGHT")
    return invalid_node("attribute 'direction' is '" + *direction + "', not LEFT or RIGHT");
  return ir::Op(ir::Binary{ir::BinaryKind::BitShift, false, *direction == "LEFT"});
}

}  // namespace keel::onnx_io
