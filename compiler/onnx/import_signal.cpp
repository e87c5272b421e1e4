#include "compiler/onnx/element_type.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

constexpr std::int64_t kFloat = 1;  // TensorProto

Result<DType> output_dtype(NodeImport& node) {
  KEEL_TRY(const std::int64_t type, node.attributes().integer("output_datatype", kFloat));
  const std::optional<DType> dtype = dtype_of(type);
  if (!dtype) return unsupported_form(node, "of " + element_type_name(type));
  return *dtype;
}

}  // namespace

Result<ir::Op> import_signal_window(NodeImport& node) {
  KEEL_TRY(const ir::Op named, import_plain(node));
  ir::SignalWindow op = std::get<ir::SignalWindow>(named);
  KEEL_TRY(op.periodic, node.attributes().flag("periodic", true));
  KEEL_TRY(op.dtype, output_dtype(node));
  return ir::Op(op);
}

Result<ir::Op> import_dft(NodeImport& node) {
  constexpr std::int64_t kAxisIsInputSince = 20;
  ir::Dft op;
  op.axis = -2;
  if (node.opset() < kAxisIsInputSince) {
    KEEL_TRY(op.axis, node.attributes().integer("axis", 1));
  }
  KEEL_TRY(op.inverse, node.attributes().flag("inverse", false));
  KEEL_TRY(op.onesided, node.attributes().flag("onesided", false));
  return ir::Op(op);
}

Result<ir::Op> import_stft(NodeImport& node) {
  ir::Stft op;
  KEEL_TRY(op.onesided, node.attributes().flag("onesided", true));
  return ir::Op(op);
}

Result<ir::Op> import_mel_weight_matrix(NodeImport& node) {
  ir::MelWeightMatrix op;
  KEEL_TRY(op.dtype, output_dtype(node));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
