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
    if (!operand) return std::nullopt;
    const ir::Origin& origin = graph_[graph_[id].origins.front()];
    Pole pole{origin.onnx_op + " '" + origin.name + "'", {}};
    std::set<search::UnitIndex> units;
    switch (floor_under(*operand, units)) {
      case Floor::Holds:
        return std::nullopt;
      case Floor::Lost:
        pole.group.floor_is_lost = true;
        break;
      case Floor::None:
        units.clear();
        if (!underflows_above(*operand, units)) return std::nullopt;
        break;
    }
    add_unit(id, units);
    if (units.empty()) return std::nullopt;
    pole.group.units.assign(units.begin(), units.end());
    return pole;
  }

 private:
  enum class Floor { None, Holds, Lost };

  // The floor under `value`, and the units from it to there.
  Floor floor_under(ValueId value, std::set<search::UnitIndex>& units) const {
    while (const std::optional<NodeId> producer = graph_.producer(value)) {
      add_unit(*producer, units);
      const ir::Node& node = graph_[*producer];
      if (const std::optional<ValueId> constant = floor_constant(node))
        return underflows(*constant) ? Floor::Lost : Floor::Holds;
      const std::optional<ValueId> source = hands_zero_on(node);
      if (!source) break;
      value = *source;
    }
    return Floor::None;
  }

  // The one input whose zeros, and only those, the node hands on.
  std::optional<ValueId> hands_zero_on(const ir::Node& node) const {
    if (ir::is_layout(node.op) || std::holds_alternative<ir::Cast>(node.op)) return node.inputs[0];
    if (const auto* unary = std::get_if<ir::Unary>(&node.op))
      return unary->kind == ir::UnaryKind::Sqrt || unary->kind == ir::UnaryKind::Abs
                 ? std::optional(node.inputs[0])
                 : std::nullopt;
    const auto* binary = std::get_if<ir::Binary>(&node.op);
    if (!binary) return std::nullopt;
    const bool scales = binary->kind == ir::BinaryKind::Mul || binary->kind == ir::BinaryKind::Div;
    if (scales && is_above_zero(node.inputs[1])) return node.inputs[0];
    if (binary->kind == ir::BinaryKind::Mul && is_above_zero(node.inputs[0])) return node.inputs[1];
    return std::nullopt;
  }

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

  std::optional<ValueId> floor_constant(const ir::Node& node) const {
    if (std::holds_alternative<ir::Clip>(node.op)) {
      if (node.inputs.size() > 1 && is_above_zero(node.inputs[1])) return node.inputs[1];
      return std::nullopt;
    }
    const auto* binary = std::get_if<ir::Binary>(&node.op);
    if (!binary || (binary->kind != ir::BinaryKind::Max && binary->kind != ir::BinaryKind::Add))
      return std::nullopt;
    for (const ValueId input : node.inputs) {
      if (!is_above_zero(input)) continue;
      // What an epsilon is added to is seldom zero: where it is, the sum is seen to underflow.
      if (binary->kind == ir::BinaryKind::Add && underflows(input)) return std::nullopt;
      return input;
    }
    return std::nullopt;
  }

  bool underflows(ValueId value) const { return ranges_[index(value)].underflows > 0; }

  void add_unit(NodeId id, std::set<search::UnitIndex>& units) const {
    const std::optional<ir::UnitId> unit = graph_[id].unit;
    if (unit && target_.units[index(*unit)].state == search::UnitState::Free)
      units.insert(static_cast<search::UnitIndex>(index(*unit)));
  }

  // Collects the units along tensors that underflow; false where none does.
  bool underflows_above(ValueId value, std::set<search::UnitIndex>& units) const {
    bool found = false;
    std::set<ValueId> seen;
    std::vector<ValueId> open{value};
    while (!open.empty()) {
      const ValueId next = open.back();
      open.pop_back();
      const std::optional<NodeId> producer = graph_.producer(next);
      if (!seen.insert(next).second) continue;
      found = found || underflows(next);
      if (!producer) continue;
      add_unit(*producer, units);
      const ir::Node& node = graph_[*producer];
      if (const auto source = hands_zero_on(node); source && !underflows(next))
        open.push_back(*source);
      for (const ValueId input : node.inputs)
        if (input != ir::kNoValue && !graph_[input].constant && underflows(input))
          open.push_back(input);
    }
    return found;
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
