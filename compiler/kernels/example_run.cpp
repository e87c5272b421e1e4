#include "compiler/kernels/example_run.h"

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

using ir::NodeId;
using ir::ValueId;

// Producers first. A loop and not a recursion: models are deep.
Result<const Tensor*> ExampleRun::content(const ir::Graph& graph, ValueId value) {
  KEEL_TRY_STATUS(read_inputs(graph));
  std::vector<ValueId> waiting{value};
  while (!waiting.empty()) {
    if (known(graph, waiting.back()) != nullptr) {
      waiting.pop_back();
      continue;
    }
    const NodeId producer = *graph.producer(waiting.back());
    const std::size_t before = waiting.size();
    for (const ValueId input : graph[producer].inputs)
      if (input != ir::kNoValue && known(graph, input) == nullptr) waiting.push_back(input);
    if (waiting.size() > before) continue;
    KEEL_TRY_STATUS(run(graph, producer));
  }
  return known(graph, value);
}

Status ExampleRun::read_inputs(const ir::Graph& graph) {
  if (has_inputs_) return Done{};
  KEEL_TRY(std::vector<Tensor> inputs, read_inputs_());
  KEEL_CHECK(inputs.size() == graph.inputs().size());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    contents_.emplace(graph.inputs()[i], std::move(inputs[i]));
  has_inputs_ = true;
  return Done{};
}

Status ExampleRun::run(const ir::Graph& graph, NodeId id) {
  const ir::Node& node = graph[id];
  Operands inputs;
  for (const ValueId input : node.inputs)
    inputs.push_back(input == ir::kNoValue ? nullptr : known(graph, input));
  std::vector<TensorType> types;
  for (const ValueId output : node.outputs) types.push_back(graph[output].type);
  Result<Tensors> results =
      execute({.op = node.op, .inputs = inputs, .outputs = types, .varies = graph.varies(id)});
  if (!results.ok())
    return std::move(results).error().in(graph.describe(id)).in("the first sample");
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    contents_.insert_or_assign(node.outputs[i], std::move((*results)[i]));
  return Done{};
}

const Tensor* ExampleRun::known(const ir::Graph& graph, ValueId value) const {
  if (graph[value].constant) return &*graph[value].constant;
  const auto found = contents_.find(value);
  return found == contents_.end() ? nullptr : &found->second;
}

}  // namespace keel::kernels
