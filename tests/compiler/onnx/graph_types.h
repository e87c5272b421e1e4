#pragma once

#include <map>
#include <vector>

#include "compiler/ir/graph.h"
#include "compiler/ir/shape_inference.h"

namespace keel::onnx_io {

/// Infers the types of every value, nodes in order. `contents` are values known beyond the
/// constants of the graph.
inline Status infer_all(ir::Graph& graph, const std::map<ir::ValueId, Tensor>& contents = {}) {
  for (const ir::NodeId id : ir::topological_order(graph)) {
    std::vector<ir::InputFact> facts;
    for (const ir::ValueId input : graph[id].inputs) {
      ir::InputFact& fact = facts.emplace_back();
      if (input == ir::kNoValue) continue;
      const ir::Value& value = graph[input];
      fact = {true, value.type, value.constant ? &*value.constant : nullptr};
      if (const auto known = contents.find(input); known != contents.end())
        fact.constant = &known->second;
    }
    Result<std::vector<TensorType>> types =
        ir::infer_types(graph[id].op, facts, graph[id].outputs.size());
    if (!types.ok()) return std::move(types).error().in(graph.describe(id));
    for (std::size_t i = 0; i < types->size(); ++i)
      graph.set_type(graph[id].outputs[i], (*types)[i]);
  }
  return Done{};
}

}  // namespace keel::onnx_io
