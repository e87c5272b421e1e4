#include <algorithm>
#include <array>

#include "compiler/base/shape.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

// Of each direction: of the gates, of the cell's input, of its output.
constexpr std::array<std::string_view, 3> kLstmActivations = {"Sigmoid", "Tanh", "Tanh"};

// The default activations may be spelled out, others cannot run.
Status check_activations(NodeImport& node, std::int64_t directions) {
  KEEL_TRY(const std::vector<std::string> given, node.attributes().texts("activations"));
  // Sigmoid and Tanh have no parameters.
  node.attributes().ignore("activation_alpha");
  node.attributes().ignore("activation_beta");
  if (given.empty()) return Done{};
  const std::size_t wanted = kLstmActivations.size() * static_cast<std::size_t>(directions);
  if (given.size() != wanted)
    return invalid_node("attribute 'activations' has " + std::to_string(given.size()) +
                        " names, not three for each of " + std::to_string(directions) +
                        (directions == 1 ? " direction" : " directions"));
  std::string list;
  bool is_default = true;
  for (std::size_t i = 0; i < given.size(); ++i) {
    list += (i == 0 ? "" : ",") + given[i];
    is_default = is_default && given[i] == kLstmActivations[i % kLstmActivations.size()];
  }
  if (is_default) return Done{};
  return unsupported_form(node, "with activations '" + list + "'");
}

Result<ir::Direction> direction_of(NodeImport& node) {
  KEEL_TRY(const std::string text, node.attributes().text("direction", "forward"));
  const auto found = std::ranges::find(ir::kDirectionNames, text);
  if (found == ir::kDirectionNames.end())
    return invalid_node("attribute 'direction' is '" + text +
                        "', not forward, reverse or bidirectional");
  return static_cast<ir::Direction>(found - ir::kDirectionNames.begin());
}

Status check_hidden_size(NodeImport& node) {
  if (!node.attributes().has("hidden_size")) return Done{};
  KEEL_TRY(const std::int64_t hidden, node.attributes().required_integer("hidden_size"));
  const Tensor* r = node.constant(2);
  if (r == nullptr || r->shape().empty() || r->shape().back() == hidden) return Done{};
  return invalid_node("attribute 'hidden_size' is " + std::to_string(hidden) +
                      ", the recurrent weights have shape " + to_text(r->shape()));
}

}  // namespace

Result<ir::Op> import_lstm(NodeImport& node) {
  ir::Lstm op;
  KEEL_TRY(op.direction, direction_of(node));
  KEEL_TRY_STATUS(check_activations(node, op.directions()));
  KEEL_TRY_STATUS(check_hidden_size(node));
  KEEL_TRY(op.input_forget, node.attributes().flag("input_forget", false));
  KEEL_TRY(op.batch_first, node.attributes().flag("layout", false));
  if (node.attributes().has("clip")) {
    KEEL_TRY(op.clip, node.attributes().number("clip", 0));
    if (op.clip <= 0)
      return invalid_node("attribute 'clip' is " + std::to_string(op.clip) + ", not positive");
  }
  return ir::Op(op);
}

}  // namespace keel::onnx_io
