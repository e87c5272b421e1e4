#include "compiler/kernels/fold_node.h"

#include <algorithm>
#include <array>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/kernel.h"

namespace keel::kernels {
namespace {

using ir::NodeId;
using ir::ValueId;
using Contents = std::optional<Tensors>;

using Types = std::vector<TensorType>;

std::vector<ir::InputFact> facts_of(const ir::Graph& graph, const ir::Node& node,
                                    const ContentOf& content_of) {
  std::vector<ir::InputFact> facts;
  for (const ValueId input : node.inputs) {
    ir::InputFact& fact = facts.emplace_back();
    if (input != ir::kNoValue) fact = {true, graph[input].type, content_of(input)};
  }
  return facts;
}

// As the example has them.
Result<Types> example_types(const ir::Graph& graph, const ir::Node& node,
                            const ContentOf& content_of, ExampleRun& example) {
  std::vector<ir::InputFact> facts = facts_of(graph, node, content_of);
  for (std::size_t i = 0; i < facts.size(); ++i)
    if (facts[i].present && facts[i].constant == nullptr) {
      KEEL_TRY(facts[i].constant, example.content(graph, node.inputs[i]));
    }
  if (!ir::has_data_dependent_shape(node.op))
    return ir::infer_types(node.op, facts, node.outputs.size());
  Operands inputs;
  for (const ir::InputFact& fact : facts) inputs.push_back(fact.constant);
  KEEL_TRY(const Tensors results, execute_unshaped(node.op, inputs, node.outputs.size()));
  Types types;
  for (const Tensor& result : results) types.push_back(result.type());
  return types;
}

Status infer_outputs(ir::Graph& graph, NodeId id, const ContentOf& content_of,
                     ExampleRun* example) {
  const ir::Node& node = graph[id];
  const bool reads_varying = std::ranges::any_of(
      node.inputs, [&](ValueId input) { return input != ir::kNoValue && graph[input].varies; });
  if (!reads_varying) {
    Result<Types> types =
        ir::infer_types(node.op, facts_of(graph, node, content_of), node.outputs.size());
    if (types.ok()) {
      for (std::size_t i = 0; i < types->size(); ++i)
        graph.set_type(node.outputs[i], std::move((*types)[i]));
      return Done{};
    }
    if (types.error().code != ErrorCode::Unsupported || example == nullptr)
      return std::move(types).error();
  }
  if (example == nullptr)
    return Error{ErrorCode::Unsupported, "the shape follows from the data", "",
                 "give samples: the shapes of one stand for all"};
  KEEL_TRY(Types types, example_types(graph, node, content_of, *example));
  for (std::size_t i = 0; i < types.size(); ++i)
    graph.set_example_type(node.outputs[i], std::move(types[i]));
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

// The content of an operator that reads only the shape of its input.
Contents from_shape(const ir::Op& op, const TensorType& input) {
  if (const auto* shape_of = std::get_if<ir::ShapeOf>(&op))
    return Tensors{shape_content(*shape_of, input.shape)};
  if (std::holds_alternative<ir::SizeOf>(op))
    return Tensors{make_i64({}, std::array{element_count(input.shape)})};
  return std::nullopt;
}

bool has_known_inputs(const ir::Node& node, const ContentOf& content_of) {
  return std::ranges::all_of(node.inputs, [&](ValueId input) {
    return input == ir::kNoValue || content_of(input) != nullptr;
  });
}

bool fits(const ir::Graph& graph, const ir::Node& node, std::size_t byte_budget) {
  return std::ranges::all_of(node.outputs, [&](ValueId output) {
    const TensorType& type = graph[output].type;
    return static_cast<std::size_t>(element_count(type.shape)) * host_size_of(type.dtype) <=
           byte_budget;
  });
}

Result<Tensors> computed(const ir::Graph& graph, const ir::Node& node,
                         const ContentOf& content_of) {
  std::vector<const Tensor*> inputs;
  for (const ValueId input : node.inputs)
    inputs.push_back(input == ir::kNoValue ? nullptr : content_of(input));
  if (ir::has_data_dependent_shape(node.op))
    return execute_unshaped(node.op, inputs, node.outputs.size());
  std::vector<TensorType> types;
  for (const ValueId output : node.outputs) types.push_back(graph[output].type);
  return execute({node.op, inputs, types});
}

Result<Contents> fold(ir::Graph& graph, NodeId id, std::size_t byte_budget,
                      const ContentOf& content_of, ExampleRun* example) {
  if (ir::has_data_dependent_shape(graph[id].op) && has_known_inputs(graph[id], content_of)) {
    KEEL_TRY(Tensors contents, computed(graph, graph[id], content_of));
    for (std::size_t i = 0; i < contents.size(); ++i)
      graph.set_type(graph[id].outputs[i], contents[i].type());
    return Contents(std::move(contents));
  }
  KEEL_TRY_STATUS(infer_outputs(graph, id, content_of, example));
  const ir::Node& node = graph[id];
  if (std::holds_alternative<ir::CastLike>(node.op)) {
    ir::Node& cast = graph.edit(id);
    cast.op = ir::Cast{graph[node.outputs[0]].type.dtype};
    cast.inputs.resize(1);
  }
  if (graph.varies(id)) return Contents();
  if (!node.inputs.empty() && node.inputs[0] != ir::kNoValue)
    if (Contents contents = from_shape(node.op, graph[node.inputs[0]].type)) return contents;
  if (!has_known_inputs(node, content_of) || !fits(graph, node, byte_budget)) return Contents();
  KEEL_TRY(Tensors contents, computed(graph, node, content_of));
  return Contents(std::move(contents));
}

}  // namespace

Result<Contents> fold_node(ir::Graph& graph, NodeId id, std::size_t byte_budget,
                           const ContentOf& content_of, ExampleRun* example) {
  const ContentOf constants = [&](ValueId value) {
    return graph[value].constant ? &*graph[value].constant : nullptr;
  };
  Result<Contents> contents =
      fold(graph, id, byte_budget, content_of ? content_of : constants, example);
  if (!contents.ok()) return std::move(contents).error().in(graph.describe(id));
  return contents;
}

}  // namespace keel::kernels
