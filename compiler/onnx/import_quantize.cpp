#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

template <class Family>
Result<ir::Op> with_axis(NodeImport& node) {
  KEEL_TRY(const std::int64_t axis, node.attributes().integer("axis", 1));
  KEEL_TRY(const std::int64_t block, node.attributes().integer("block_size", 0));
  if (block != 0) return unsupported_form(node, "in blocks");
  node.attributes().ignore("saturate");  // of float8 only
  return ir::Op(Family{axis});
}

template <class Family>
Result<ir::Op> convolution(NodeImport& node) {
  Family op;
  KEEL_TRY(op.strides, node.attributes().integers("strides", 1));
  KEEL_TRY(op.dilations, node.attributes().integers("dilations", 1));
  KEEL_TRY(op.pads, node.attributes().integers("pads", 0));
  KEEL_TRY(op.group, node.attributes().integer("group", 1));
  KEEL_TRY(op.auto_pad, kind_attribute(node, "auto_pad", op.auto_pad));
  node.attributes().ignore("kernel_shape");  // that of the weights
  return ir::Op(op);
}

}  // namespace

Result<ir::Op> import_quantize(NodeImport& node) { return with_axis<ir::QuantizeLinear>(node); }
Result<ir::Op> import_dequantize(NodeImport& node) { return with_axis<ir::DequantizeLinear>(node); }
Result<ir::Op> import_conv_integer(NodeImport& node) { return convolution<ir::ConvInteger>(node); }
Result<ir::Op> import_qlinear_conv(NodeImport& node) { return convolution<ir::QLinearConv>(node); }

}  // namespace keel::onnx_io
