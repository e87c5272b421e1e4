#include <algorithm>

#include "compiler/kernels/fold_node.h"
#include "compiler/passes/pass.h"

namespace keel::passes {

using ir::NodeId;
using ir::ValueId;

/// Finds the type of every value, and computes what depends on no input, in fp32 as the vendor's
/// compiler does on its host. A constant that the graph hands out keeps its node.
Result<bool> fold_constants(ir::Graph& graph, const Context& context) {
  bool changed = false;
  std::optional<kernels::ExampleRun> example;
  if (context.example) example.emplace(context.example);
  const ir::Readers readers(graph);
  for (const NodeId id : ir::topological_order(graph, readers)) {
    KEEL_TRY(
        std::optional<Tensors> contents,
        kernels::fold_node(graph, id, context.fold_byte_budget, {}, example ? &*example : nullptr));
    const std::vector<ValueId> outputs = graph[id].outputs;
    if (!contents) continue;
    if (std::ranges::any_of(outputs, [&](ValueId output) { return graph.is_output(output); }))
      continue;

    std::vector<std::string> names;
    for (const ValueId output : outputs) names.push_back(graph[output].name);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const ValueId constant = graph.add_constant(names[i], std::move((*contents)[i]));
      for (const NodeId reader : readers[outputs[i]])
        std::ranges::replace(graph.edit(reader).inputs, outputs[i], constant);
    }
    graph.erase(id);
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
