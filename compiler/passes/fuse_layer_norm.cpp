#include <algorithm>

#include "compiler/passes/match.h"
#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::BinaryKind;
using ir::NodeId;
using ir::ReduceKind;
using ir::UnaryKind;
using ir::ValueId;

// d = x - mean(x); y = d / sqrt(mean(d * d) + epsilon) [* gamma] [+ beta], in the spellings exports
// use: Mul(d, d) or Pow(d, 2); Div by the root or Mul by its Reciprocal.
class LayerNormPattern {
 public:
  LayerNormPattern(const ir::Graph& graph, const Match& match) : graph_(graph), match_(match) {}

  // The nodes of the pattern that starts at a ReduceMean; empty if none does.
  std::vector<NodeId> find(NodeId mean) {
    nodes_.clear();
    if (!match_.is_reduce(mean, ReduceKind::ReduceMean)) return {};
    const bool found = take(mean) && centre(mean) && square() && root() && normalise();
    if (!found) return {};
    scale(BinaryKind::Mul);
    scale(BinaryKind::Add);
    return nodes_;
  }

 private:
  ValueId last() const { return graph_[nodes_.back()].outputs[0]; }

  bool take(NodeId id) {
    nodes_.push_back(id);
    return graph_[id].outputs.size() == 1;
  }

  bool take_only_reader(auto is_wanted) {
    const std::optional<NodeId> reader = match_.only_reader(last());
    return reader && is_wanted(*reader) && take(*reader);
  }

  bool centre(NodeId mean) {
    const ValueId x = graph_[mean].inputs[0];
    const bool ok = take_only_reader([&](NodeId id) {
      return match_.is_binary(id, BinaryKind::Sub) && graph_[id].inputs[0] == x;
    });
    if (ok) centred_ = last();
    return ok;
  }

  bool is_square(NodeId id) const {
    const std::vector<ValueId>& inputs = graph_[id].inputs;
    if (match_.is_binary(id, BinaryKind::Mul)) return inputs[0] == inputs[1];
    if (!match_.is_binary(id, BinaryKind::Pow) || inputs[0] != centred_) return false;
    const Tensor* exponent = match_.constant(inputs[1]);
    return exponent && exponent->size() == 1 && exponent->dtype() == DType::F32 &&
           exponent->as<float>()[0] == 2.0f;
  }

  // The centred value has two readers: the square, and the final division.
  bool square() {
    const std::span<const NodeId> readers = match_.readers(centred_);
    if (readers.size() != 2 || graph_.is_output(centred_)) return false;
    const auto found = std::ranges::find_if(readers, [&](NodeId id) { return is_square(id); });
    if (found == readers.end()) return false;
    division_ = readers[found == readers.begin() ? 1 : 0];
    return take(*found) && take_only_reader([&](NodeId id) {
             return match_.is_reduce(id, ReduceKind::ReduceMean);
           });
  }

  bool root() {
    return take_only_reader([&](NodeId id) {
             return match_.is_binary(id, BinaryKind::Add) &&
                    match_.constant(match_.other_operand(id, last())) != nullptr;
           }) &&
           take_only_reader([&](NodeId id) { return match_.is_unary(id, UnaryKind::Sqrt); });
  }

  bool normalise() {
    const std::optional<NodeId> reader = match_.only_reader(last());
    if (reader && match_.is_unary(*reader, UnaryKind::Reciprocal)) {
      return take(*reader) && take_only_reader([&](NodeId id) {
               return id == division_ && match_.is_binary(id, BinaryKind::Mul);
             });
    }
    return take_only_reader([&](NodeId id) {
      return id == division_ && match_.is_binary(id, BinaryKind::Div) &&
             graph_[id].inputs[0] == centred_;
    });
  }

  // gamma or beta, if a constant is applied next.
  void scale(BinaryKind kind) {
    const std::optional<NodeId> reader = match_.only_reader(last());
    if (!reader || !match_.is_binary(*reader, kind)) return;
    if (match_.constant(match_.other_operand(*reader, last()))) nodes_.push_back(*reader);
  }

  const ir::Graph& graph_;
  const Match& match_;
  std::vector<NodeId> nodes_;
  ValueId centred_{};
  NodeId division_{};
};

}  // namespace

/// Puts the operators of a decomposed layer normalisation into one group: one launch, no matter the
/// precision. Each still rounds its result, as the vector unit does.
Result<bool> fuse_layer_norm(ir::Graph& graph, const Context&) {
  bool changed = false;
  const Match match(graph);
  LayerNormPattern pattern(graph, match);
  for (const NodeId id : graph.nodes()) {
    const std::vector<NodeId> nodes = pattern.find(id);
    const bool taken =
        std::ranges::any_of(nodes, [&](NodeId node) { return graph[node].group.has_value(); });
    if (nodes.empty() || taken) continue;
    for (const NodeId node : nodes) graph.edit(node).group = static_cast<ir::GroupId>(index(id));
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
