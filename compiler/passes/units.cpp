#include "compiler/passes/units.h"

#include <algorithm>

namespace keel::passes {
namespace {

using ascend::OpClass;
using ir::NodeId;
using ir::ValueId;

OpClass class_of(const ir::Op& op) {
  if (std::holds_alternative<ir::Conv>(op) || std::holds_alternative<ir::ConvTranspose>(op))
    return OpClass::Conv;
  if (ir::is_recurrent(op)) return OpClass::Recurrent;
  return ir::is_cube(op) ? OpClass::MatMul : OpClass::Vector;
}

// A decomposed layer normalisation is the only group that starts at a mean, and one operator at the
// vendor's.
bool starts_layer_norm(const ir::Node& node) {
  const auto* reduce = std::get_if<ir::Reduce>(&node.op);
  return node.group && reduce && reduce->kind == ir::ReduceKind::ReduceMean;
}

std::string type_of(const ir::Graph& graph, const ir::Node& node, const ascend::OpTable& table) {
  if (starts_layer_norm(node)) return "LayerNorm";
  std::string first;
  for (const ir::OriginId origin : node.origins) {
    std::string type = table.primary_type(graph[origin].onnx_op);
    // Of a product with what was folded into it.
    if (ir::is_cube(node.op) && ascend::is_cube_type(type)) return type;
    if (first.empty()) first = std::move(type);
  }
  return first;
}

bool decides_before(const ir::Op& op, const Unit& unit) {
  const bool is_product = ir::is_cube(op) || ir::is_recurrent(op);
  if (is_product) return unit.op.op_class == OpClass::Vector;
  return unit.nodes.empty() || (unit.layout_only && !ir::is_layout(op));
}

void add_node(Unit& unit, const ir::Graph& graph, NodeId id, const ascend::OpTable& table,
              const ascend::Soc& soc) {
  const ir::Node& node = graph[id];
  if (decides_before(node.op, unit)) {
    unit.op.type = type_of(graph, node, table);
    unit.op.op_class = class_of(node.op);
    unit.op.list = table.mix_list(unit.op.type, soc.family);
  }
  if (unit.nodes.empty())
    unit.op.kernels.bf16 = soc.bf16 ? ascend::Support::Listed : ascend::Support::No;
  unit.layout_only = (unit.nodes.empty() || unit.layout_only) && ir::is_layout(node.op);
  unit.nodes.push_back(id);
  for (const ir::OriginId origin : node.origins) {
    unit.origins.push_back(origin);
    const std::string type = table.primary_type(graph[origin].onnx_op);
    unit.op.kernels = both(unit.op.kernels, table.kernels(type, soc.family, soc.bf16));
  }
}

ValueId first_data(const ir::Graph& graph, const ir::Node& node) {
  for (const ValueId input : node.inputs)
    if (input != ir::kNoValue && !graph[input].constant &&
        is_tunable_float(graph[input].type.dtype))
      return input;
  return ir::kNoValue;
}

std::optional<ir::UnitId> find_predecessor(const ir::Graph& graph, const Unit& unit) {
  const ir::UnitId self = *graph[unit.nodes.front()].unit;
  ValueId data = first_data(graph, graph[unit.nodes.front()]);
  while (data != ir::kNoValue) {
    const std::optional<NodeId> producer = graph.producer(data);
    if (!producer) return std::nullopt;
    const ir::Node& node = graph[*producer];
    if (!std::holds_alternative<ir::Cast>(node.op))
      return node.unit && *node.unit < self ? node.unit : std::nullopt;
    data = first_data(graph, node);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Unit> collect_units(const ir::Graph& graph, const ascend::OpTable& table,
                                const ascend::Soc& soc) {
  std::vector<Unit> units;
  for (const NodeId id : ir::topological_order(graph)) {
    if (!graph[id].unit) continue;
    const std::size_t unit = index(*graph[id].unit);
    if (unit >= units.size()) units.resize(unit + 1);
    add_node(units[unit], graph, id, table, soc);
  }
  for (Unit& unit : units) {
    std::ranges::sort(unit.origins);
    unit.origins.erase(std::unique(unit.origins.begin(), unit.origins.end()), unit.origins.end());
    unit.predecessor = find_predecessor(graph, unit);
  }
  return units;
}

std::vector<UnitRule> unit_rules(const ascend::PrecisionRules& rules, std::span<const Unit> units,
                                 std::span<const ascend::Request> requests) {
  KEEL_CHECK(requests.size() == units.size());
  std::vector<UnitRule> result;
  for (std::size_t u = 0; u < units.size(); ++u) {
    ascend::Request request = requests[u];
    request.kept = false;
    if (const auto& predecessor = units[u].predecessor)
      request.predecessor = result[index(*predecessor)].lowered.output;
    std::optional<ascend::NotFree> not_free = ascend::why_not_free(rules, units[u].op, request);
    request.kept = requests[u].kept || (not_free && not_free->must_be_kept);
    result.push_back({std::move(not_free), ascend::decide(rules, units[u].op, request).precision});
  }
  return result;
}

bool is_about(const ascend::OperatorLine& line, const Unit& unit, const ir::Graph& graph) {
  if (line.by_type) return unit.op.type == line.name;
  return !unit.origins.empty() && graph[unit.origins.front()].name == line.name;
}

}  // namespace keel::passes
