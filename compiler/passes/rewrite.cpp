#include "compiler/passes/rewrite.h"

#include <algorithm>

namespace keel::passes {

void absorb_reader(ir::Graph& graph, ir::NodeId node, ir::NodeId reader,
                   std::vector<ir::ValueId> inputs) {
  // The reader keeps its place and its output, so that the graph's outputs stay what they are.
  ir::Node& kept = graph.edit(reader);
  const ir::Node& absorbed = graph[node];
  kept.op = absorbed.op;
  kept.inputs = std::move(inputs);
  kept.origins.insert(kept.origins.end(), absorbed.origins.begin(), absorbed.origins.end());
  std::ranges::sort(kept.origins);
  kept.origins.erase(std::unique(kept.origins.begin(), kept.origins.end()), kept.origins.end());
  graph.erase(node);
}

}  // namespace keel::passes
