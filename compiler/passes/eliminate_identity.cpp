#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

bool does_nothing(const ir::Graph& graph, const ir::Node& node) {
  if (std::holds_alternative<ir::Identity>(node.op)) return true;
  return std::holds_alternative<ir::Cast>(node.op) &&
         graph[node.inputs[0]].type == graph[node.outputs[0]].type;
}

}  // namespace

/// y = Identity(x); use(y)  =>  use(x), and the same for a Cast to the dtype x has.
///
/// A graph output keeps its Identity: callers find results by name, and x has another name.
Result<bool> eliminate_identity(ir::Graph& graph, const Context&) {
  bool changed = false;
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    if (!does_nothing(graph, node) || graph.is_output(node.outputs[0])) continue;
    graph.replace_uses(node.outputs[0], node.inputs[0]);
    graph.erase(id);
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
