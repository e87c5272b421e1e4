#include "compiler/base/host_type.h"
#include "compiler/onnx/element_type.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

Status only_whole_axes(NodeImport& node) {
  KEEL_TRY(const std::int64_t block, node.attributes().integer("block_size", 0));
  if (block != 0) return unsupported_form(node, "with block_size " + std::to_string(block));
  return Done{};
}

// A 0 of the dtype opset 21 may give instead of a zero point.
Status add_zero_point(NodeImport& node) {
  KEEL_TRY(const std::int64_t wanted, node.attributes().integer("output_dtype", 0));
  if (wanted == 0 || node.has_input(2)) return Done{};
  const std::optional<DType> dtype = dtype_of(wanted);
  if (!dtype || is_tunable_float(*dtype))
    return unsupported_form(node, "to " + element_type_name(wanted));
  Tensor zero(*dtype, {});
  with_host_type(*dtype, [&](auto element) { zero.fill<decltype(element)>()[0] = 0; });
  return node.set_input(2, "output_dtype", std::move(zero));
}

}  // namespace

Result<ir::Op> import_quantize_linear(NodeImport& node) {
  ir::QuantizeLinear op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", 1));
  KEEL_TRY_STATUS(only_whole_axes(node));
  KEEL_TRY_STATUS(add_zero_point(node));
  node.attributes().ignore("saturate");  // of float8 only
  return ir::Op(op);
}

Result<ir::Op> import_dequantize_linear(NodeImport& node) {
  ir::DequantizeLinear op;
  KEEL_TRY(op.axis, node.attributes().integer("axis", 1));
  KEEL_TRY_STATUS(only_whole_axes(node));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
