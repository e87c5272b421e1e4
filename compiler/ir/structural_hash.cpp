#include <algorithm>

#include "compiler/ir/fields.h"
#include "compiler/ir/graph.h"

namespace keel::ir {
namespace {

void add_type(Hasher& hasher, const TensorType& type) {
  hasher.add(static_cast<std::uint64_t>(type.dtype));
  add_to_hash(hasher, type.shape);
}

}  // namespace

Digest structural_hash(const Graph& graph) {
  // A value is what computes it, and nodes are added in the order of their digests, so that
  // neither ids nor names matter.
  std::vector<Digest> of_value(graph.value_bound());
  std::vector<Digest> of_nodes;
  Hasher whole;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    Hasher input;
    input.add(std::string_view("input"));
    input.add(static_cast<std::uint64_t>(i));
    add_type(input, graph[graph.inputs()[i]].type);
    of_value[index(graph.inputs()[i])] = input.digest();
    whole.add(input.digest());
  }
  for (const ValueId id : graph.values())
    if (graph[id].constant) of_value[index(id)] = digest(*graph[id].constant);
  for (const NodeId id : topological_order(graph)) {
    const Node& node = graph[id];
    Hasher own;
    own.add(name(node.op));
    for_each_field(node.op, [&](std::string_view field, const auto& value) {
      own.add(field);
      add_to_hash(own, value);
    });
    own.add(static_cast<std::uint64_t>(node.compute));
    own.add(static_cast<std::uint64_t>(node.inputs.size()));
    for (const ValueId input : node.inputs)
      own.add(input == kNoValue ? Digest{} : of_value[index(input)]);
    const Digest of_node = own.digest();
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (graph[node.outputs[i]].constant) continue;
      Hasher output;
      output.add(of_node);
      output.add(static_cast<std::uint64_t>(i));
      add_type(output, graph[node.outputs[i]].type);
      if (graph[node.outputs[i]].varies) output.add(std::string_view("varies"));
      of_value[index(node.outputs[i])] = output.digest();
    }
    of_nodes.push_back(of_node);
  }
  std::ranges::sort(of_nodes);
  for (const Digest& of_node : of_nodes) whole.add(of_node);
  for (const ValueId id : graph.outputs()) whole.add(of_value[index(id)]);
  return whole.digest();
}

}  // namespace keel::ir
