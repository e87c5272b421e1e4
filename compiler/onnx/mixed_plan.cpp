#include "compiler/onnx/mixed_plan.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <ranges>

#include "compiler/onnx/half_form.h"
#include "compiler/onnx/nested_nodes.h"
#include "compiler/onnx/node_order.h"

namespace keel::onnx_io {
namespace {

using ::onnx::GraphProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;
using Source = MixedValue::Source;
using Indices = std::vector<std::size_t>;

bool has_subgraph(const NodeProto& node) {
  return std::ranges::any_of(node.attribute(), [](const auto& a) { return a.has_g(); });
}

bool holds_floats(const NodeProto& constant) {
  return std::ranges::any_of(constant.attribute(), [](const auto& attribute) {
    return attribute.name() == "value_float" || attribute.name() == "value_floats" ||
           (attribute.name() == "value" && attribute.t().data_type() == TensorProto::FLOAT);
  });
}

bool casts_to_half(const NodeProto& node) {
  return std::ranges::any_of(node.attribute(), [](const auto& attribute) {
    return attribute.name() == "to" && attribute.i() == TensorProto::FLOAT16;
  });
}

// Its result does not depend on the dtype of the tensor it reads.
bool reads_any(const NodeProto& node, bool half) {
  const std::string& op = node.op_type();
  return op == "Shape" || op == "Size" || (op == "Cast" && (!half || casts_to_half(node)));
}

bool passes_through(const NodeProto& node) {
  return node.op_type() == "Identity" || node.op_type() == "Dropout";
}

class Planner {
 public:
  Planner(std::int64_t opset, std::span<const std::optional<DType>> dtypes,
          std::span<const FoldedNorm> folded)
      : opset_(opset), dtypes_(dtypes), folded_(folded) {}

  Result<MixedPlan> run(const GraphProto& graph) && {
    const std::vector<const NodeProto*> nodes = all_nodes(graph);
    for (std::size_t i = 0; i < nodes.size(); ++i) positions_.emplace(nodes[i], i);
    for (const FoldedNorm& pair : folded_) {
      // A norm with statistics among its results is more than the convolution can be.
      if (dtypes_[pair.conv] != DType::F16 || dtypes_[pair.norm] != DType::F16 ||
          nodes[pair.norm]->output_size() != 1)
        continue;
      folds_.emplace(nodes[pair.conv], &pair);
      folds_.emplace(nodes[pair.norm], &pair);
    }
    KEEL_TRY_STATUS(visit(graph, {}));
    plan_.names = TakenNames(graph);
    for (MixedValue& value : plan_.values) name_tensors(value, plan_.names);
    return std::move(plan_);
  }

 private:
  std::size_t define(const std::string& name, Source source, bool is_float) {
    const std::size_t id = plan_.values.size();
    plan_.values.push_back({.name = name, .source = source, .is_float = is_float});
    scopes_.back()->values.emplace(name, id);
    return id;
  }

  std::size_t find(const std::string& name) const {
    for (const MixedGraph* scope : scopes_ | std::views::reverse)
      if (const auto found = scope->values.find(name); found != scope->values.end())
        return found->second;
    return kNoMixedValue;
  }

  bool is_float(std::size_t id) const { return id != kNoMixedValue && plan_.values[id].is_float; }

  // `operands` are what the owner of a subgraph hands to its inputs, one for each.
  Result<Indices> visit(const GraphProto& graph, const Indices& operands) {
    MixedGraph& here = plan_.graphs[&graph];
    scopes_.push_back(&here);
    for (const TensorProto& tensor : graph.initializer())
      define(tensor.name(), Source::Stored, tensor.data_type() == TensorProto::FLOAT);
    for (int i = 0; i < graph.input_size(); ++i) {
      const ::onnx::ValueInfoProto& input = graph.input(i);
      if (here.values.contains(input.name())) continue;
      const auto position = static_cast<std::size_t>(i);
      const int declared = input.type().tensor_type().elem_type();
      const bool given = position < operands.size() && is_float(operands[position]);
      define(input.name(), Source::Input,
             declared == TensorProto::UNDEFINED ? given : declared == TensorProto::FLOAT);
    }
    std::vector<std::string> names;
    for (const NodeProto& node : graph.node()) names.push_back(node.name());
    KEEL_TRY(here.order, order_of_nodes(graph, names));
    for (const std::size_t i : here.order) {
      KEEL_TRY_STATUS(visit(graph.node(static_cast<int>(i))));
    }
    for (const ::onnx::ValueInfoProto& output : graph.output()) {
      const std::size_t id = find(output.name());
      here.results.push_back(id);
      if (!is_float(id)) continue;
      plan_.values[id].wants_single = true;
      if (here.values.contains(output.name())) plan_.values[id].is_result = true;
    }
    scopes_.pop_back();
    return here.results;
  }

  Status visit(const NodeProto& node) {
    MixedNode planned;
    for (const std::string& input : node.input()) planned.inputs.push_back(find(input));
    planned.reads_half.resize(planned.inputs.size());
    if (has_subgraph(node)) {
      KEEL_TRY_STATUS(add_control_flow(node, planned));
    } else if (node.op_type() == "Constant") {
      for (const std::string& output : node.output())
        planned.outputs.push_back(define(output, Source::Stored, holds_floats(node)));
    } else {
      add_operator(node, planned);
    }
    plan_.nodes.emplace(&node, std::move(planned));
    return Done{};
  }

  Status add_control_flow(const NodeProto& node, MixedNode& planned) {
    for (std::size_t i = 0; i < planned.inputs.size(); ++i) read(planned, i, false);
    Indices results;
    for (const auto& attribute : node.attribute()) {
      if (!attribute.has_g()) continue;
      KEEL_TRY(results, visit(attribute.g(), planned.inputs));
    }
    // The first result of a Loop's body is its condition.
    const std::size_t first = node.op_type() == "Loop" ? 1 : 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(node.output_size()); ++i)
      planned.outputs.push_back(define(node.output(static_cast<int>(i)), Source::Computed,
                                       i + first < results.size() && is_float(results[i + first])));
    return Done{};
  }

  void add_operator(const NodeProto& node, MixedNode& planned) {
    std::vector<bool> floats;
    for (const std::size_t id : planned.inputs) floats.push_back(is_float(id));
    const std::vector<bool> results = float_results(node, opset_, floats);
    const HalfForm form = half_form(node, opset_, floats);
    const bool half = is_half(node, planned);
    if (const auto fold = folds_.find(&node); fold != folds_.end()) planned.folded = fold->second;
    planned.lowered = half && form.exists();
    const bool has_floats = std::ranges::find(floats, true) != floats.end() ||
                            std::ranges::find(results, true) != results.end();
    if (half && has_floats && !form.exists()) plan_.stays_float.push_back(positions_.at(&node));
    for (std::size_t i = 0; i < floats.size(); ++i) {
      if (!floats[i]) continue;
      if (planned.folded != nullptr && i > 0) {
        plan_.values[planned.inputs[i]].lost_reader = true;
        continue;
      }
      const bool any = reads_any(node, half);
      read(planned, i,
           any ? plan_.values[planned.inputs[i]].computed_half : half && form.inputs[i]);
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
      const std::size_t id = define(node.output(static_cast<int>(i)), Source::Computed, results[i]);
      plan_.values[id].computed_half = half && form.outputs[i];
      planned.outputs.push_back(id);
    }
  }

  bool is_half(const NodeProto& node, const MixedNode& planned) const {
    const std::optional<DType>& dtype = dtypes_[positions_.at(&node)];
    if (dtype) return *dtype == DType::F16;
    return passes_through(node) && is_float(planned.inputs.at(0)) &&
           plan_.values[planned.inputs[0]].computed_half;
  }

  void read(MixedNode& planned, std::size_t input, bool half) {
    const std::size_t id = planned.inputs[input];
    if (!is_float(id)) return;
    planned.reads_half[input] = half;
    (half ? plan_.values[id].wants_half : plan_.values[id].wants_single) = true;
  }

  static void name_tensors(MixedValue& value, TakenNames& names) {
    value.single_name = value.name;
    if (!value.is_float) return;
    const bool stored_as_half =
        value.source == Source::Stored && value.wants_half && !value.wants_single;
    if (stored_as_half || (value.computed_half && !value.is_result)) {
      value.half_name = value.name;
      value.single_name = value.wants_single ? names.make(value.name + "/float32") : "";
    } else if (value.computed_half || value.wants_half) {
      value.half_name = names.make(value.name + "/float16");
    }
  }

  std::int64_t opset_;
  std::span<const std::optional<DType>> dtypes_;
  std::span<const FoldedNorm> folded_;
  std::unordered_map<const NodeProto*, std::size_t> positions_;
  std::unordered_map<const NodeProto*, const FoldedNorm*> folds_;  // by either of its nodes
  std::vector<MixedGraph*> scopes_;                                // innermost last
  MixedPlan plan_;
};

}  // namespace

TakenNames::TakenNames(const GraphProto& graph) { add(graph); }

void TakenNames::add(const GraphProto& graph) {
  const auto add_all = [this](const auto& named) {
    for (const auto& one : named) taken_.emplace(one.name(), 1);
  };
  add_all(graph.input());
  add_all(graph.output());
  add_all(graph.value_info());
  add_all(graph.initializer());
  add_all(graph.node());
  for (const NodeProto& node : graph.node()) {
    for (const std::string& output : node.output()) taken_.emplace(output, 1);
    for (const auto& attribute : node.attribute())
      if (attribute.has_g()) add(attribute.g());
  }
}

std::string TakenNames::make(const std::string& wanted) {
  const auto [found, is_new] = taken_.emplace(wanted, 1);
  if (is_new) return wanted;
  int& tried = found->second;
  for (;;) {
    std::string name = wanted + "_" + std::to_string(++tried);
    if (taken_.emplace(name, 1).second) return name;
  }
}

Result<MixedPlan> plan_mixed(const ::onnx::ModelProto& model, std::int64_t opset,
                             std::span<const std::optional<DType>> dtypes,
                             std::span<const FoldedNorm> folded) {
  return Planner(opset, dtypes, folded).run(model.graph());
}

}  // namespace keel::onnx_io
