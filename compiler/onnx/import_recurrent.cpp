#include <algorithm>
#include <array>
#include <span>

#include "compiler/base/shape.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

// Of each direction of an LSTM: of the gates, of the cell's input, of its output.
constexpr std::array<std::string_view, 3> kLstmActivations = {"Sigmoid", "Tanh", "Tanh"};
// Of a GRU: of the gates, of the hidden gate.
constexpr std::array<std::string_view, 2> kGruActivations = {"Sigmoid", "Tanh"};

std::string count_of(std::size_t names) {
  constexpr std::array kCounts = {"none", "one", "two", "three"};
  return kCounts[names];
}

// The names given, `of_each` for each direction, or none.
Result<std::vector<std::string>> activations(NodeImport& node, std::int64_t directions,
                                             std::size_t of_each) {
  KEEL_TRY(std::vector<std::string> given, node.attributes().texts("activations"));
  // Sigmoid, Tanh and Relu have no parameters.
  node.attributes().ignore("activation_alpha");
  node.attributes().ignore("activation_beta");
  if (!given.empty() && given.size() != of_each * static_cast<std::size_t>(directions))
    return invalid_node("attribute 'activations' has " + std::to_string(given.size()) +
                        " names, not " + count_of(of_each) + " for each of " +
                        std::to_string(directions) +
                        (directions == 1 ? " direction" : " directions"));
  return given;
}

Error unsupported_activations(const NodeImport& node, const std::vector<std::string>& given) {
  std::string list;
  for (const std::string& name : given) list += (list.empty() ? "" : ",") + name;
  return unsupported_form(node, "with activations '" + list + "'");
}

// The default activations may be spelled out, others cannot run.
Status check_activations(NodeImport& node, std::int64_t directions,
                         std::span<const std::string_view> defaults) {
  KEEL_TRY(const std::vector<std::string> given, activations(node, directions, defaults.size()));
  for (std::size_t i = 0; i < given.size(); ++i)
    if (given[i] != defaults[i % defaults.size()]) return unsupported_activations(node, given);
  return Done{};
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

// What the three families share.
template <class Family>
Status read_recurrent(NodeImport& node, Family& op) {
  KEEL_TRY(op.direction, direction_of(node));
  KEEL_TRY_STATUS(check_hidden_size(node));
  KEEL_TRY(op.batch_first, node.attributes().flag("layout", false));
  if (node.attributes().has("clip")) {
    KEEL_TRY(op.clip, node.attributes().number("clip", 0));
    if (op.clip <= 0)
      return invalid_node("attribute 'clip' is " + std::to_string(op.clip) + ", not positive");
  }
  return Done{};
}

}  // namespace

Result<ir::Op> import_lstm(NodeImport& node) {
  ir::Lstm op;
  KEEL_TRY_STATUS(read_recurrent(node, op));
  KEEL_TRY_STATUS(check_activations(node, op.directions(), kLstmActivations));
  KEEL_TRY(op.input_forget, node.attributes().flag("input_forget", false));
  return ir::Op(op);
}

Result<ir::Op> import_gru(NodeImport& node) {
  ir::Gru op;
  KEEL_TRY_STATUS(read_recurrent(node, op));
  KEEL_TRY_STATUS(check_activations(node, op.directions(), kGruActivations));
  KEEL_TRY(op.linear_before_reset, node.attributes().flag("linear_before_reset", false));
  return ir::Op(op);
}

Result<ir::Op> import_rnn(NodeImport& node) {
  ir::Rnn op;
  KEEL_TRY_STATUS(read_recurrent(node, op));
  KEEL_TRY(const std::vector<std::string> given, activations(node, op.directions(), 1));
  if (given.empty()) return ir::Op(op);
  const auto known = std::ranges::find(ir::kRnnActivationNames, given.front());
  if (known == ir::kRnnActivationNames.end() || given.front() != given.back())
    return unsupported_activations(node, given);
  op.activation = static_cast<ir::RnnActivation>(known - ir::kRnnActivationNames.begin());
  return ir::Op(op);
}

}  // namespace keel::onnx_io
