#include <algorithm>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/kernel.h"
#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::NodeId;
using ir::ValueId;

Status infer_outputs(ir::Graph& graph, NodeId id) {
  const ir::Node& node = graph[id];
  std::vector<ir::InputFact> facts;
  for (const ValueId input : node.inputs) {
    if (input == ir::kNoValue) {
      facts.emplace_back();
      continue;
    }
    const ir::Value& value = graph[input];
    facts.push_back({true, value.type, value.constant ? &*value.constant : nullptr});
  }
  Result<std::vector<TensorType>> types = ir::infer_types(node.op, facts, node.outputs.size());
  if (!types.ok()) return std::move(types).error().in(graph.describe(id));
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    graph.set_type(node.outputs[i], (*types)[i]);
  return Done{};
}

// The shape of a value is known before its content is.
Tensor shape_content(const ir::ShapeOf& op, const Shape& shape) {
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto clamp = [&](std::int64_t bound) {
    return std::clamp<std::int64_t>(bound < 0 ? bound + rank : bound, 0, rank);
  };
  const std::int64_t first = clamp(op.start);
  const std::int64_t last = std::max(first, clamp(op.end));
  const Shape part(shape.begin() + first, shape.begin() + last);
  return make_i64({last - first}, part);
}

bool is_foldable(const ir::Graph& graph, NodeId id, std::size_t byte_budget) {
  const ir::Node& node = graph[id];
  const auto is_known = [&](ValueId input) {
    return input == ir::kNoValue || graph[input].constant.has_value();
  };
  const auto fits = [&](ValueId output) {
    const TensorType& type = graph[output].type;
    return static_cast<std::size_t>(element_count(type.shape)) * host_size_of(type.dtype) <=
           byte_budget;
  };
  return std::ranges::all_of(node.inputs, is_known) && std::ranges::all_of(node.outputs, fits);
}

Result<std::vector<Tensor>> evaluate(const ir::Graph& graph, NodeId id) {
  const ir::Node& node = graph[id];
  if (const auto* shape_of = std::get_if<ir::ShapeOf>(&node.op))
    return std::vector{shape_content(*shape_of, graph[node.inputs[0]].type.shape)};
  std::vector<const Tensor*> inputs;
  for (const ValueId input : node.inputs)
    inputs.push_back(input == ir::kNoValue ? nullptr : &*graph[input].constant);
  std::vector<TensorType> types;
  for (const ValueId output : node.outputs) types.push_back(graph[output].type);
  Result<std::vector<Tensor>> outputs = kernels::execute({node.op, inputs, types});
  if (!outputs.ok()) return std::move(outputs).error().in(graph.describe(id));
  return outputs;
}

}  // namespace

/// Finds the type of every value, and computes what depends on no input, in fp32 as the vendor's
/// compiler does on its host. A constant that the graph hands out keeps its node.
Result<bool> fold_constants(ir::Graph& graph, const Context& context) {
  bool changed = false;
  for (const NodeId id : ir::topological_order(graph)) {
    KEEL_TRY_STATUS(infer_outputs(graph, id));
    const bool shape_only = std::holds_alternative<ir::ShapeOf>(graph[id].op);
    const std::vector<ValueId> outputs = graph[id].outputs;
    if (!shape_only && !is_foldable(graph, id, context.fold_byte_budget)) continue;
    if (std::ranges::any_of(outputs, [&](ValueId output) { return graph.is_output(output); }))
      continue;

    KEEL_TRY(std::vector<Tensor> contents, evaluate(graph, id));
    std::vector<std::string> names;
    for (const ValueId output : outputs) names.push_back(graph[output].name);
    for (std::size_t i = 0; i < outputs.size(); ++i)
      graph.replace_uses(outputs[i], graph.add_constant(names[i], std::move(contents[i])));
    graph.erase(id);
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
