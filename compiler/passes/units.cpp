#include "compiler/passes/units.h"

#include <algorithm>

namespace keel::passes {
namespace {

ascend::OpClass class_of(const ir::Op& op) {
  if (std::holds_alternative<ir::Conv>(op) || std::holds_alternative<ir::ConvTranspose>(op))
    return ascend::OpClass::Conv;
  if (ir::is_recurrent(op)) return ascend::OpClass::Recurrent;
  return ir::is_cube(op) ? ascend::OpClass::MatMul : ascend::OpClass::Vector;
}

void add_node(Unit& unit, const ir::Graph& graph, ir::NodeId id, const ascend::OpTable& table,
              const std::string& family) {
  const ir::Node& node = graph[id];
  unit.layout_only = (unit.nodes.empty() || unit.layout_only) && ir::is_layout(node.op);
  unit.nodes.push_back(id);
  if (ir::is_cube(node.op) || ir::is_recurrent(node.op)) unit.op_class = class_of(node.op);
  for (const ir::OriginId origin : node.origins) {
    unit.origins.push_back(origin);
    const std::string type = table.primary_type(graph[origin].onnx_op);
    unit.fp16_kernel = unit.fp16_kernel && table.supports(type, family, DType::F16);
    unit.fp32_kernel = unit.fp32_kernel && table.supports(type, family, DType::F32);
  }
}

}  // namespace

std::vector<Unit> collect_units(const ir::Graph& graph, const ascend::OpTable& table,
                                const std::string& soc_family) {
  std::vector<Unit> units;
  for (const ir::NodeId id : ir::topological_order(graph)) {
    if (!graph[id].unit) continue;
    const std::size_t unit = index(*graph[id].unit);
    if (unit >= units.size()) units.resize(unit + 1);
    add_node(units[unit], graph, id, table, soc_family);
  }
  for (Unit& unit : units) {
    std::ranges::sort(unit.origins);
    unit.origins.erase(std::unique(unit.origins.begin(), unit.origins.end()), unit.origins.end());
  }
  return units;
}

}  // namespace keel::passes
