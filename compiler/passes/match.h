#pragma once

#include <optional>
#include <vector>

#include "compiler/ir/graph.h"

namespace keel::passes {

/// Questions that patterns ask of a graph, answered from one consumer table. Valid until an edge of
/// the graph changes.
class Match {
 public:
  explicit Match(const ir::Graph& graph) : graph_(graph), readers_(graph) {}

  /// The one node that reads `value`; empty if several do, or the graph hands it out.
  std::optional<ir::NodeId> only_reader(ir::ValueId value) const {
    if (readers_[value].size() != 1 || graph_.is_output(value)) return std::nullopt;
    return readers_[value].front();
  }

  std::span<const ir::NodeId> readers(ir::ValueId value) const { return readers_[value]; }
  const ir::Readers& readers() const { return readers_; }

  /// The node as a family, or null.
  template <class Family>
  const Family* as(ir::NodeId id) const {
    return std::get_if<Family>(&graph_[id].op);
  }

  bool is_binary(ir::NodeId id, ir::BinaryKind kind) const {
    const auto* binary = as<ir::Binary>(id);
    return binary && binary->kind == kind;
  }
  bool is_unary(ir::NodeId id, ir::UnaryKind kind) const {
    const auto* unary = as<ir::Unary>(id);
    return unary && unary->kind == kind;
  }
  bool is_reduce(ir::NodeId id, ir::ReduceKind kind) const {
    const auto* reduce = as<ir::Reduce>(id);
    return reduce && reduce->kind == kind;
  }

  /// The other operand of a two-operand node that reads `value`; kNoValue if both are `value`.
  ir::ValueId other_operand(ir::NodeId id, ir::ValueId value) const {
    const std::vector<ir::ValueId>& inputs = graph_[id].inputs;
    if (inputs[0] == inputs[1]) return ir::kNoValue;
    return inputs[0] == value ? inputs[1] : inputs[0];
  }

  /// The content of a constant, or null.
  const Tensor* constant(ir::ValueId value) const {
    if (value == ir::kNoValue || !graph_[value].constant) return nullptr;
    return &*graph_[value].constant;
  }

 private:
  const ir::Graph& graph_;
  ir::Readers readers_;
};

}  // namespace keel::passes
