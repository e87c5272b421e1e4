#include <vector>

#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::NodeId;
using ir::ValueId;

// Makes each cast once per tensor and dtype.
class Casts {
 public:
  Casts(ir::Graph& graph, const Context& context) : graph_(graph), context_(context) {}

  ValueId cast(ValueId value, DType to) {
    // Of one value a few at most: its list is looked through.
    if (made_.size() <= index(value)) made_.resize(graph_.value_bound());
    for (const ValueId known : made_[index(value)])
      if (graph_[known].type.dtype == to) return known;
    const ValueId result = make(value, to);
    made_[index(value)].push_back(result);
    return result;
  }

 private:
  ValueId make(ValueId value, DType to) {
    std::string cast_name = graph_[value].name;
    cast_name += '/';
    cast_name += name(to);
    if (graph_[value].constant)
      return graph_.add_constant(
          std::move(cast_name),
          context_.constant_casts->cast(*graph_[value].constant, to, context_.overflow));
    ir::Node node;
    node.op = ir::Cast{to};
    node.inputs = {value};
    std::vector<ir::Value> outputs(1);  // not a list in braces, which would be copied
    outputs[0].name = std::move(cast_name);
    outputs[0].type = {to, graph_[value].type.shape};
    outputs[0].varies = graph_[value].varies;
    const NodeId id = graph_.add_node(std::move(node), std::move(outputs));
    return graph_[id].outputs[0];
  }

  ir::Graph& graph_;
  const Context& context_;
  std::vector<std::vector<ValueId>> made_;  // by the value that is cast
};

constexpr std::size_t kLstmBias = 3;

// Inputs that are numbers of the operator and not data: they keep their dtype, as attributes do.
bool is_parameter(const ir::Op& op, std::size_t position) {
  const bool all_but_data = std::holds_alternative<ir::Resize>(op) ||
                            std::holds_alternative<ir::QuantizeLinear>(op) ||
                            std::holds_alternative<ir::DequantizeLinear>(op);
  if (all_but_data) return position > 0;
  if (std::holds_alternative<ir::OneHot>(op)) return position == 1;
  return std::holds_alternative<ir::QLinearMatMul>(op) ||
         std::holds_alternative<ir::QLinearConv>(op);
}

// The dtype in which `node` takes its input at `position`.
DType wanted(const ir::Graph& graph, const ir::Node& node, std::size_t position,
             const ascend::Precision& precision) {
  const DType given = graph[node.inputs[position]].type.dtype;
  if (is_parameter(node.op, position)) return given;
  if (position < ir::cube_operands(node.op)) return precision.input;
  if (ir::is_cube(node.op)) return DType::F32;
  // The bias of an LSTM joins the accumulator, its states and peepholes the vector unit.
  if (ir::is_recurrent(node.op)) return position == kLstmBias ? DType::F32 : precision.output;
  if (ir::is_layout(node.op)) return precision.output;
  const std::optional<NodeId> producer = graph.producer(node.inputs[position]);
  const bool from_accumulator = producer && node.group && graph[*producer].group == node.group &&
                                ir::is_cube(graph[*producer].op);
  // An activation at a cube's exit works on the accumulator, its constants with it.
  const bool at_cube_exit = node.group && graph.producer(node.inputs[0]) &&
                            graph[*graph.producer(node.inputs[0])].group == node.group &&
                            ir::is_cube(graph[*graph.producer(node.inputs[0])].op);
  if (from_accumulator) return given;
  return at_cube_exit ? DType::F32 : precision.input;
}

}  // namespace

/// Where a node takes a float in another dtype than it has, puts a cast between; likewise where the
/// graph hands out a lowered value, for callers get the model's own dtype. Constants are converted
/// here and now.
Result<bool> insert_casts(ir::Graph& graph, const Context& context) {
  bool changed = false;
  Casts casts(graph, context);
  for (const NodeId id : graph.nodes()) {
    const std::optional<ir::UnitId> unit = graph[id].unit;
    if (!unit) continue;
    for (std::size_t i = 0; i < graph[id].inputs.size(); ++i) {
      const ValueId input = graph[id].inputs[i];
      if (input == ir::kNoValue || !is_tunable_float(graph[input].type.dtype)) continue;
      const DType dtype = wanted(graph, graph[id], i, context.of_unit[index(*unit)]);
      if (graph[input].type.dtype == dtype) continue;
      const ValueId replacement = casts.cast(input, dtype);
      graph.edit(id).inputs[i] = replacement;
      changed = true;
    }
  }
  for (std::size_t i = 0; i < graph.outputs().size(); ++i) {
    const ValueId output = graph.outputs()[i];
    const std::optional<NodeId> producer = graph.producer(output);
    if (!producer || !graph[*producer].unit || !is_tunable_float(graph[output].type.dtype))
      continue;
    if (graph[output].type.dtype == DType::F32) continue;
    graph.replace_output(i, casts.cast(output, DType::F32));
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
