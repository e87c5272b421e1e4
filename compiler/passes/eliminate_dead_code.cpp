#include <vector>

#include "compiler/passes/pass.h"

namespace keel::passes {

/// Erases what no graph output depends on. Graph inputs stay: callers give one tensor for each.
Result<bool> eliminate_dead_code(ir::Graph& graph, const Context&) {
  std::vector<bool> needed(graph.value_bound(), false);
  for (const ir::ValueId output : graph.outputs()) needed[index(output)] = true;

  bool changed = false;
  const std::vector<ir::NodeId> order = ir::topological_order(graph);
  for (auto id = order.rbegin(); id != order.rend(); ++id) {
    const ir::Node& node = graph[*id];
    bool used = false;
    for (const ir::ValueId output : node.outputs) used |= needed[index(output)];
    if (used) {
      for (const ir::ValueId input : node.inputs)
        if (input != ir::kNoValue) needed[index(input)] = true;
    } else {
      graph.erase(*id);
      changed = true;
    }
  }
  for (const ir::ValueId value : graph.values()) {
    if (!graph[value].constant || needed[index(value)]) continue;
    graph.erase_unused(value);
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
