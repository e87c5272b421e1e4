#include "tuner/engine/poles.h"

#include <algorithm>
#include <optional>
#include <set>

namespace keel::engine {
namespace {

using ir::NodeId;
using ir::ValueId;

class Finder {
 public:
  Finder(const Target& target, const std::vector<accuracy::Range>& ranges)
      : target_(target), graph_(target.prepared.graph()), ranges_(ranges) {}

  std::optional<Pole> pole_of(NodeId id) const {
    const std::optional<ValueId> operand = operand_at_pole(id);
    if (!operand || !underflows(*operand)) return std::nullopt;
    std::set<search::UnitIndex> units;
    add_unit(id, units);
    std::set<ValueId> seen;
    walk_up(*operand, seen, units);
    if (units.empty()) return std::nullopt;
    const ir::Origin& origin = graph_[graph_[id].origins.front()];
    return Pole{origin.onnx_op + " '" + origin.name + "'", {units.begin(), units.end()}};
  }

 private:
  bool is_above_zero(ValueId value) const {
    if (value == ir::kNoValue || !graph_[value].constant) return false;
    const Tensor& constant = *graph_[value].constant;
    if (constant.dtype() != DType::F32) return false;
    return std::ranges::all_of(constant.as<float>(), [](float x) { return x > 0; });
  }

  // The operand that must not be zero.
  std::optional<ValueId> operand_at_pole(NodeId id) const {
    const ir::Node& node = graph_[id];
    if (const auto* unary = std::get_if<ir::Unary>(&node.op)) {
      if (unary->kind == ir::UnaryKind::Log || unary->kind == ir::UnaryKind::Reciprocal)
        return node.inputs[0];
      return std::nullopt;
    }
    const auto* binary = std::get_if<ir::Binary>(&node.op);
    if (!binary) return std::nullopt;
    if (binary->kind == ir::BinaryKind::Div) return node.inputs[1];
    if (binary->kind == ir::BinaryKind::Pow && is_negative(node.inputs[1])) return node.inputs[0];
    return std::nullopt;
  }

  bool is_negative(ValueId exponent) const {
    const std::optional<Tensor>& constant = graph_[exponent].constant;
    return constant && constant->dtype() == DType::F32 &&
           std::ranges::any_of(constant->as<float>(), [](float x) { return x < 0; });
  }

  bool holds_above_zero(const ir::Node& node) const {
    if (std::holds_alternative<ir::Clip>(node.op))
      return node.inputs.size() > 1 && is_above_zero(node.inputs[1]);
    const auto* binary = std::get_if<ir::Binary>(&node.op);
    return binary && (binary->kind == ir::BinaryKind::Max || binary->kind == ir::BinaryKind::Add) &&
           std::ranges::any_of(node.inputs, [this](ValueId input) { return is_above_zero(input); });
  }

  bool underflows(ValueId value) const { return ranges_[index(value)].underflows > 0; }

  void add_unit(NodeId id, std::set<search::UnitIndex>& units) const {
    const std::optional<ir::UnitId> unit = graph_[id].unit;
    if (unit && target_.units[index(*unit)].state == search::UnitState::Free)
      units.insert(static_cast<search::UnitIndex>(index(*unit)));
  }

  void walk_up(ValueId value, std::set<ValueId>& seen, std::set<search::UnitIndex>& units) const {
    std::vector<ValueId> open{value};
    while (!open.empty()) {
      const ValueId next = open.back();
      open.pop_back();
      const std::optional<NodeId> producer = graph_.producer(next);
      if (!producer || !seen.insert(next).second) continue;
      add_unit(*producer, units);
      if (holds_above_zero(graph_[*producer])) continue;
      for (const ValueId input : graph_[*producer].inputs)
        if (input != ir::kNoValue && !graph_[input].constant && underflows(input))
          open.push_back(input);
    }
  }

  const Target& target_;
  const ir::Graph& graph_;
  const std::vector<accuracy::Range>& ranges_;
};

}  // namespace

std::vector<Pole> find_poles(const Target& target, const std::vector<accuracy::Range>& ranges) {
  const Finder finder(target, ranges);
  std::vector<Pole> poles;
  for (const NodeId id : ir::topological_order(target.prepared.graph()))
    if (std::optional<Pole> pole = finder.pole_of(id)) poles.push_back(*std::move(pole));
  return poles;
}

}  // namespace keel::engine
