#include "compiler/passes/match.h"
#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

// Between a cube operator and the rest of its group lies the fp32 accumulator.
bool stays_in_accumulator(const ir::Graph& graph, const Match& match, const ir::Node& node,
                          ir::ValueId output) {
  if (!ir::is_cube(node.op) || !node.group) return false;
  const std::optional<ir::NodeId> reader = match.only_reader(output);
  return reader && graph[*reader].group == node.group;
}

// A product that is fp16 or bf16 in the model already, which no mode decides.
bool is_half_product(const ir::Graph& graph, const ir::Node& node) {
  if (ir::cube_operands(node.op) == 0) return false;
  const DType dtype = graph[node.inputs[0]].type.dtype;
  return dtype == DType::F16 || dtype == DType::BF16;
}

}  // namespace

/// Gives every fp32 value of a unit the dtype its unit's precision says.
Result<bool> choose_dtypes(ir::Graph& graph, const Context& context) {
  bool changed = false;
  const Match match(graph);
  for (const ir::NodeId id : graph.nodes()) {
    const ir::Node& node = graph[id];
    if (!node.unit) {
      if (is_half_product(graph, node))
        graph.edit(id).compute = format_of(graph[node.inputs[0]].type.dtype);
      continue;
    }
    const ascend::Precision& precision = context.of_unit[index(*node.unit)];
    for (const ir::ValueId output : node.outputs) {
      if (precision.output == DType::F32 || graph[output].type.dtype != DType::F32 ||
          stays_in_accumulator(graph, match, node, output))
        continue;
      graph.set_type(output, {precision.output, graph[output].type.shape});
      changed = true;
    }
    if (auto* cast = std::get_if<ir::Cast>(&graph.edit(id).op))
      cast->to = graph[node.outputs[0]].type.dtype;
    if (ir::cube_operands(node.op) > 0) graph.edit(id).compute = precision.compute;
  }
  return changed;
}

}  // namespace keel::passes
