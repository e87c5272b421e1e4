#include "compiler/passes/match.h"
#include "compiler/passes/pass.h"
#include "compiler/passes/rewrite.h"

namespace keel::passes {
namespace {

// The constant as a bias vector of `count` elements along `axis_from_end`, if it is one.
std::optional<Tensor> as_bias(const Tensor& constant, std::int64_t count,
                              std::size_t axis_from_end) {
  if (constant.dtype() != DType::F32 || constant.size() != count) return std::nullopt;
  const Shape& shape = constant.shape();
  if (shape.size() <= axis_from_end) return std::nullopt;
  if (shape[shape.size() - 1 - axis_from_end] != count) return std::nullopt;
  return constant.reshaped({count});
}

}  // namespace

/// Add(Conv(x, w), c)  =>  Conv(x, w, c), and the same for MatMul: the cube adds the bias to its
/// fp32 accumulator, before the one rounding at its exit.
Result<bool> fuse_bias(ir::Graph& graph, const Context&) {
  bool changed = false;
  const Match match(graph);
  for (const ir::NodeId id : graph.nodes()) {
    const bool is_conv = match.as<ir::Conv>(id) != nullptr;
    if (!is_conv && !match.as<ir::MatMul>(id)) continue;
    const ir::Node& node = graph[id];
    if (node.inputs.size() > 2 && node.inputs[2] != ir::kNoValue) continue;
    const ir::ValueId product = node.outputs[0];
    const std::optional<ir::NodeId> add = match.only_reader(product);
    if (!add || !match.is_binary(*add, ir::BinaryKind::Add)) continue;
    const Tensor* addend = match.constant(match.other_operand(*add, product));
    const Shape& shape = graph[product].type.shape;
    if (!addend || shape.empty() || graph[graph[*add].outputs[0]].type.shape != shape) continue;
    if (graph[node.inputs[1]].varies) continue;  // another execution may have other channels

    const std::size_t axis_from_end = is_conv ? shape.size() - 2 : 0;
    std::optional<Tensor> bias =
        as_bias(*addend, shape[shape.size() - 1 - axis_from_end], axis_from_end);
    if (!bias) continue;
    const ir::ValueId bias_value =
        graph.add_constant(graph[product].name + "/fused_bias", *std::move(bias));
    absorb_reader(graph, id, *add, {graph[id].inputs[0], graph[id].inputs[1], bias_value});
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
