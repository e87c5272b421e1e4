#include <algorithm>
#include <array>

#include "compiler/base/shape.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

using Activations = std::vector<std::string_view>;

// Of each direction of an LSTM: of the gates, of the cell's input, of its output; of a GRU: of the
// gates, of the candidate.
const Activations kLstmActivations = {"Sigmoid", "Tanh", "Tanh"};
const Activations kGruActivations = {"Sigmoid", "Tanh"};

// The activations may be spelled out, but only as they are.
Status check_activations(NodeImport& node, std::int64_t directions,
                         const Activations& activations) {
  KEEL_TRY(const std::vector<std::string> given, node.attributes().texts("activations"));
  // Sigmoid and Tanh have no parameters.
  node.attributes().ignore("activation_alpha");
  node.attributes().ignore("activation_beta");
  if (given.empty()) return Done{};
  const std::size_t wanted = activations.size() * static_cast<std::size_t>(directions);
  if (given.size() != wanted)
    return invalid_node("attribute 'activations' has " + std::to_string(given.size()) +
                        " names, not " + std::to_string(activations.size()) + " for each of " +
                        std::to_string(directions) +
                        (directions == 1 ? " direction" : " directions"));
  std::string list;
  bool is_default = true;
  for (std::size_t i = 0; i < given.size(); ++i) {
    list += (i == 0 ? "" : ",") + given[i];
    is_default = is_default && given[i] == activations[i % activations.size()];
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

// What LSTM, GRU and RNN share.
template <class Family>
Status read_walk(NodeImport& node, Family& op) {
  KEEL_TRY(op.direction, direction_of(node));
  KEEL_TRY_STATUS(check_hidden_size(node));
  KEEL_TRY(op.batch_first, node.attributes().flag("layout", false));
  node.attributes().ignore("output_sequence");  // before opset 7: whether y is wanted
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
  KEEL_TRY_STATUS(read_walk(node, op));
  KEEL_TRY_STATUS(check_activations(node, op.directions(), kLstmActivations));
  KEEL_TRY(op.input_forget, node.attributes().flag("input_forget", false));
  return ir::Op(op);
}

Result<ir::Op> import_gru(NodeImport& node) {
  ir::Gru op;
  KEEL_TRY_STATUS(read_walk(node, op));
  KEEL_TRY_STATUS(check_activations(node, op.directions(), kGruActivations));
  KEEL_TRY(op.linear_before_reset, node.attributes().flag("linear_before_reset", false));
  return ir::Op(op);
}

Result<ir::Op> import_rnn(NodeImport& node) {
  ir::Rnn op;
  KEEL_TRY_STATUS(read_walk(node, op));
  KEEL_TRY(const std::vector<std::string> given, node.attributes().texts("activations"));
  const std::string first = given.empty() ? "Tanh" : given[0];
  const auto known = std::ranges::find(ir::kRnnActivationNames, first);
  if (known == ir::kRnnActivationNames.end())
    return unsupported_form(node, "with activations '" + first + "'");
  op.activation = static_cast<ir::RnnActivation>(known - ir::kRnnActivationNames.begin());
  KEEL_TRY_STATUS(check_activations(node, op.directions(), {first}));
  return ir::Op(op);
}

}  // namespace keel::onnx_io
