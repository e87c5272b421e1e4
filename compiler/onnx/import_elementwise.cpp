#include <algorithm>
#include <array>

#include "compiler/base/host_type.h"
#include "compiler/onnx/element_type.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

// n inputs as a chain of n - 1 binary nodes; the last one is returned, to become the node itself.
Result<ir::Op> chain(NodeImport& node, ir::BinaryKind kind) {
  std::vector<ir::ValueId>& inputs = node.inputs();
  if (inputs.empty()) return invalid_node(node.onnx_op() + " has no inputs");
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!node.has_input(i))
      return invalid_node("input " + std::to_string(i) + " of " + node.onnx_op() +
                          " is required but absent");
  if (inputs.size() == 1) return ir::Op(ir::Identity{});
  ir::ValueId sum = inputs[0];
  for (std::size_t i = 1; i + 1 < inputs.size(); ++i)
    sum = node.add_partial(ir::Binary{kind}, {sum, inputs[i]});
  inputs = {sum, inputs.back()};
  return ir::Op(ir::Binary{kind});
}

// Whether input `i` is known to hold one element, `value`.
Result<bool> is_known(NodeImport& node, std::size_t i, float value) {
  if (!node.has_input(i)) return false;
  KEEL_TRY(const Tensor* content, node.known_content(i));
  if (content == nullptr || content->size() != 1) return false;
  return with_host_type(content->dtype(), [&](auto element) {
    return static_cast<float>(content->as<decltype(element)>()[0]) == value;
  });
}

}  // namespace

Error invalid_node(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

Error unsupported_form(const NodeImport& node, const std::string& form) {
  return {ErrorCode::Unsupported, node.onnx_op() + " " + form, "", ""};
}

Status attribute_to_input(NodeImport& node, std::string_view name, std::size_t i) {
  if (!node.attributes().has(name)) return Done{};
  KEEL_TRY(const ir::Ints values, node.attributes().integers(name));
  return node.set_input(i, std::string(name),
                        make_i64({static_cast<std::int64_t>(values.size())}, values));
}

ir::ValueId constant_like(NodeImport& node, const std::string& suffix, float value,
                          ir::ValueId operand, std::optional<DType> dtype) {
  const Tensor scalar = make_f32({}, std::array{value});
  if (dtype && is_tunable_float(*dtype))
    return node.add_constant(suffix, scalar.relabelled(*dtype));
  return node.add_partial(ir::CastLike{}, {node.add_constant(suffix, scalar), operand});
}

Status number_to_input(NodeImport& node, std::string_view name, std::size_t i) {
  if (!node.attributes().has(name)) return Done{};
  KEEL_TRY(const float value, node.attributes().number(name, 0));
  const std::string suffix(name);
  if (node.has_input(i))
    return invalid_node("attribute '" + suffix + "' and input " + std::to_string(i) +
                        " are both given");
  std::vector<ir::ValueId>& inputs = node.inputs();
  if (inputs.empty()) return Done{};  // which shape inference refuses
  if (inputs.size() <= i) inputs.resize(i + 1, ir::kNoValue);
  inputs[i] = constant_like(node, suffix, value, inputs[0], node.dtype(0));
  return Done{};
}

Result<ir::Op> import_plain(NodeImport& node) {
  ir::Op op;
  KEEL_CHECK(ir::op_named(node.onnx_op(), op));
  return op;
}

Result<ir::Op> import_sum(NodeImport& node) { return chain(node, ir::BinaryKind::Add); }
Result<ir::Op> import_max(NodeImport& node) { return chain(node, ir::BinaryKind::Max); }
Result<ir::Op> import_min(NodeImport& node) { return chain(node, ir::BinaryKind::Min); }

Result<ir::Op> import_mean(NodeImport& node) {
  const auto count = static_cast<float>(node.inputs().size());
  const std::optional<DType> dtype = node.dtype(0);
  KEEL_TRY(const ir::Op last, chain(node, ir::BinaryKind::Add));
  if (std::holds_alternative<ir::Identity>(last)) return last;
  const ir::ValueId sum = node.add_partial(last, node.inputs());
  node.inputs() = {sum, constant_like(node, "count", count, sum, dtype)};
  return ir::Op(ir::Binary{ir::BinaryKind::Div});
}

Result<ir::Op> import_clip(NodeImport& node) {
  if (node.opset() >= 11) return ir::Op(ir::Clip{});
  KEEL_TRY_STATUS(number_to_input(node, "min", 1));
  KEEL_TRY_STATUS(number_to_input(node, "max", 2));
  return ir::Op(ir::Clip{});
}

Result<ir::Op> import_cast(NodeImport& node) {
  std::int64_t to = 0;
  if (node.opset() < 6) {
    KEEL_TRY(to, legacy_element_type(node));
  } else {
    KEEL_TRY(to, node.attributes().required_integer("to"));
  }
  node.attributes().ignore("saturate");  // of float8 only
  const std::optional<DType> dtype = dtype_of(to);
  if (!dtype) return unsupported_form(node, "to " + element_type_name(to));
  return ir::Op(ir::Cast{*dtype});
}

Result<DType> element_type_attribute(NodeImport& node, const char* name, DType otherwise) {
  if (!node.attributes().has(name)) return otherwise;
  KEEL_TRY(const std::int64_t type, node.attributes().integer(name, 0));
  const std::optional<DType> dtype = dtype_of(type);
  if (!dtype) return unsupported_form(node, "of " + element_type_name(type));
  return *dtype;
}

Result<ir::Op> import_cast_like(NodeImport& node) {
  node.attributes().ignore("saturate");
  return ir::Op(ir::CastLike{});
}

Result<ir::Op> import_dropout(NodeImport& node) {
  for (const char* of_training : {"ratio", "seed", "is_test"})
    node.attributes().ignore(of_training);
  if (node.has_input(2)) {
    KEEL_TRY(const bool in_use, is_known(node, 2, 0));
    KEEL_TRY(const bool drops_nothing, is_known(node, 1, 0));
    if (!in_use && !drops_nothing) return unsupported_form(node, "in training mode");
  }
  node.inputs().resize(std::min<std::size_t>(node.inputs().size(), 1));
  if (node.uses_output(1) && node.has_input(0)) {
    // The mask: nothing is dropped.
    const ir::ValueId shape = node.add_partial(ir::ShapeOf{}, {node.inputs()[0]});
    node.define_output(1, node.add_partial(ir::ConstantOfShape{1, DType::Bool}, {shape}));
  }
  return ir::Op(ir::Identity{});
}

}  // namespace keel::onnx_io
