#include "compiler/onnx/importers.h"

namespace keel::onnx_io {

Result<ir::Op> import_window(NodeImport& node) {
  ir::Op named;
  KEEL_CHECK(ir::op_named(node.onnx_op(), named));
  auto op = std::get<ir::SignalWindow>(named);
  KEEL_TRY(op.periodic, node.attributes().flag("periodic", true));
  KEEL_TRY(op.dtype, element_type_attribute(node, "output_datatype", DType::F32));
  return ir::Op(op);
}

Result<ir::Op> import_dft(NodeImport& node) {
  ir::Dft op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", node.opset() < 20 ? 1 : -2));
  KEEL_TRY(op.inverse, node.attributes().flag("inverse", false));
  KEEL_TRY(op.onesided, node.attributes().flag("onesided", false));
  return ir::Op(op);
}

Result<ir::Op> import_stft(NodeImport& node) {
  KEEL_TRY(const bool onesided, node.attributes().flag("onesided", true));
  return ir::Op(ir::Stft{onesided});
}

Result<ir::Op> import_mel_weight_matrix(NodeImport& node) {
  KEEL_TRY(const DType dtype, element_type_attribute(node, "output_datatype", DType::F32));
  return ir::Op(ir::MelWeightMatrix{dtype});
}

}  // namespace keel::onnx_io
