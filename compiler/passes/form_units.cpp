#include <algorithm>
#include <map>

#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::NodeId;
using ir::UnitId;
using ir::ValueId;

bool is_tunable(const ir::Graph& graph, ValueId value) {
  return value != ir::kNoValue && graph[value].type.dtype == DType::F32;
}

// A bit matters to a node that reads or makes an fp32 tensor which depends on the input.
bool computes_floats(const ir::Graph& graph, const ir::Node& node) {
  return std::ranges::any_of(node.outputs, [&](ValueId v) { return is_tunable(graph, v); }) ||
         std::ranges::any_of(node.inputs,
                             [&](ValueId v) { return is_tunable(graph, v) && !graph[v].constant; });
}

// The tensor whose precision a layout operator takes over: its first fp32 input that is not a
// constant.
ValueId data_input(const ir::Graph& graph, const ir::Node& node) {
  for (const ValueId input : node.inputs)
    if (is_tunable(graph, input) && !graph[input].constant) return input;
  return ir::kNoValue;
}

class UnitNumbers {
 public:
  UnitId fresh() { return static_cast<UnitId>(count_++); }

  template <class Key>
  UnitId of(std::map<Key, UnitId>& known, Key key) {
    const auto found = known.find(key);
    return found != known.end() ? found->second : known.emplace(key, fresh()).first->second;
  }

 private:
  std::uint32_t count_ = 0;
};

}  // namespace

/// Numbers the units: what one precision bit decides. A pattern group is one unit. A layout
/// operator belongs to the unit that makes its data; layout operators at the model's entrance form
/// one unit per graph input. Every other node that computes floats is a unit of its own.
Result<bool> form_units(ir::Graph& graph, const Context&) {
  UnitNumbers numbers;
  std::map<ir::GroupId, UnitId> of_group;
  std::map<ValueId, UnitId> of_input;
  bool changed = false;
  for (const NodeId id : ir::topological_order(graph)) {
    const ir::Node& node = graph[id];
    if (!computes_floats(graph, node)) continue;
    const ValueId data = ir::is_layout(node.op) ? data_input(graph, node) : ir::kNoValue;
    UnitId unit{};
    if (node.group) {
      unit = numbers.of(of_group, *node.group);
    } else if (data != ir::kNoValue && graph.is_input(data)) {
      unit = numbers.of(of_input, data);
    } else if (data != ir::kNoValue && graph.producer(data) && graph[*graph.producer(data)].unit) {
      unit = *graph[*graph.producer(data)].unit;
    } else {
      unit = numbers.fresh();
    }
    graph.edit(id).unit = unit;
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
