#include "compiler/onnx/graph_import.h"

#include <onnx/onnx_pb.h>

#include <array>
#include <unordered_map>

#include "compiler/ascend/names.h"
#include "compiler/base/nearest.h"
#include "compiler/onnx/control_flow.h"
#include "compiler/onnx/import_table.h"
#include "compiler/onnx/initializers.h"
#include "compiler/onnx/input_shapes.h"
#include "compiler/onnx/input_values.h"
#include "compiler/onnx/nested_nodes.h"
#include "compiler/onnx/node_order.h"
#include "compiler/onnx/unsupported.h"

namespace keel::onnx_io {
namespace {

using ::onnx::GraphProto;
using ::onnx::NodeProto;

// Loops in one another become nodes as often as their iterations multiply.
constexpr int kMostSubgraphs = 65536;

bool is_standard(const NodeProto& node) {
  return node.domain().empty() || node.domain() == "ai.onnx";
}

std::vector<ascend::FileNode> file_nodes_of(const GraphProto& graph) {
  const std::vector<std::optional<std::size_t>> inside = enclosing_nodes(graph);
  std::vector<ascend::FileNode> nodes;
  for (const NodeProto* proto : all_nodes(graph))
    nodes.push_back({proto->name(), proto->op_type(), inside[nodes.size()]});
  return nodes;
}

// The forms of Constant that hold a tensor of numbers.
Result<Tensor> constant_content(Attributes& attributes) {
  if (attributes.has("value")) return attributes.tensor("value");
  if (attributes.has("value_float")) {
    KEEL_TRY(const float value, attributes.number("value_float", 0));
    return make_f32({}, std::array{value});
  }
  if (attributes.has("value_floats")) {
    KEEL_TRY(const std::vector<float> values, attributes.numbers("value_floats"));
    return make_f32({static_cast<std::int64_t>(values.size())}, values);
  }
  if (attributes.has("value_int")) {
    KEEL_TRY(const std::int64_t value, attributes.integer("value_int", 0));
    return make_i64({}, std::array{value});
  }
  if (attributes.has("value_ints")) {
    KEEL_TRY(const ir::Ints values, attributes.integers("value_ints"));
    return make_i64({static_cast<std::int64_t>(values.size())}, values);
  }
  return Error{ErrorCode::Unsupported, "Constant that holds no tensor of numbers", "", ""};
}

class GraphImport {
 public:
  GraphImport(const GraphProto& proto, const LoadOptions& options, std::int64_t opset,
              ExternalData& external)
      : proto_(proto),
        options_(options),
        external_(external),
        nodes_(all_nodes(proto)),
        file_nodes_(file_nodes_of(proto)),
        names_(ascend::assign_names(file_nodes_)) {
    state_.opset = opset;
    state_.loop_iterations = options.loop_iterations;
  }

  Result<ImportedGraph> run() && {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      positions_.emplace(nodes_[i], i);
      state_.graph.add_origin({names_.names[i], nodes_[i]->op_type()});
    }
    for (const ::onnx::ValueInfoProto& output : proto_.output())
      state_.graph_outputs.insert(output.name());
    KEEL_TRY_STATUS(reserve_names(proto_));
    KEEL_TRY_STATUS(add_initializers(proto_));
    KEEL_TRY_STATUS(add_inputs());
    KEEL_TRY_STATUS(add_nodes(proto_));
    KEEL_TRY_STATUS(unsupported_.check());
    KEEL_TRY_STATUS(add_outputs());
    std::vector<std::string> fixed = fix_used_inputs();
    KEEL_TRY_STATUS(state_.graph.verify());
    return ImportedGraph{std::move(state_.graph), std::move(file_nodes_), names_.needs_copy,
                         std::move(fixed)};
  }

 private:
  std::string described(const NodeProto& node) const {
    return "node '" + name_of(node) + "' (" + node.op_type() + ")";
  }
  const std::string& name_of(const NodeProto& node) const {
    return names_.names[positions_.at(&node)];
  }

  Status reserve_names(const GraphProto& graph) {
    std::unordered_set<std::string> initializers;
    for (const ::onnx::TensorProto& tensor : graph.initializer()) {
      KEEL_TRY_STATUS(state_.values.reserve(tensor.name()));
      initializers.insert(tensor.name());
    }
    for (const ::onnx::ValueInfoProto& input : graph.input())
      if (!initializers.contains(input.name())) {
        KEEL_TRY_STATUS(state_.values.reserve(input.name()));
      }
    for (const NodeProto& node : graph.node()) {
      if (node.output_size() == 0)
        return Error{ErrorCode::InvalidModel, "the node has no outputs", described(node), ""};
      for (const std::string& output : node.output()) {
        if (output.empty()) continue;
        Status reserved = state_.values.reserve(output);
        if (!reserved.ok()) return std::move(reserved).error().in(described(node));
      }
    }
    return Done{};
  }

  // The iterations of a loop share the constants of its body.
  Status add_initializers(const GraphProto& graph) {
    for (const ::onnx::TensorProto& tensor : graph.initializer()) {
      auto known = constants_.find(&tensor);
      if (known == constants_.end()) {
        KEEL_TRY(Tensor content, to_tensor(tensor, external_));
        known = constants_
                    .emplace(&tensor,
                             state_.graph.add_constant(state_.values.name_in_graph(tensor.name()),
                                                       std::move(content)))
                    .first;
      }
      state_.values.define(tensor.name(), known->second);
    }
    if (graph.sparse_initializer_size() > 0)
      unsupported_.add("sparse initializer", graph.sparse_initializer(0).values().name());
    return Done{};
  }

  Status add_inputs() {
    std::vector<const ::onnx::ValueInfoProto*> inputs;
    for (const ::onnx::ValueInfoProto& input : proto_.input())
      if (!state_.values.is_defined(input.name())) inputs.push_back(&input);
    KEEL_TRY(const std::vector<TensorType> types, input_types(inputs, options_.shapes));
    std::vector<std::string> names;
    for (const ::onnx::ValueInfoProto* input : inputs) names.push_back(input->name());
    KEEL_TRY_STATUS(check_value_names(options_.values, names));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::string& name = names[i];
      if (const auto value = options_.values.find(name); value != options_.values.end()) {
        KEEL_TRY(Tensor content, fixed_content(name, value->second, types[i]));
        state_.values.define(name, state_.graph.add_constant(name, std::move(content)));
        continue;
      }
      const ir::ValueId id = state_.graph.add_input({name, types[i], true, std::nullopt});
      state_.values.define(name, id);
      const auto content = options_.known_inputs.find(name);
      if (content != options_.known_inputs.end() && content->second.type() == types[i])
        state_.known.assume(id, content->second);
    }
    return Done{};
  }

  Error undefined(const std::string& name, std::string where) const {
    std::vector<std::string> known;
    for (const ::onnx::TensorProto& tensor : proto_.initializer()) known.push_back(tensor.name());
    for (const ::onnx::ValueInfoProto& input : proto_.input()) known.push_back(input.name());
    for (const NodeProto& node : proto_.node())
      known.insert(known.end(), node.output().begin(), node.output().end());
    const std::vector<std::string> close = nearest(name, known, 1);
    return {ErrorCode::InvalidModel, "value '" + name + "' is used but nothing defines it",
            std::move(where), close.empty() ? "" : "use '" + close[0] + "' (nearest name)"};
  }

  Status find_uses(const GraphProto& graph) {
    for (const NodeProto& node : graph.node())
      for (const std::string& input : values_read(node)) {
        if (!state_.values.is_reserved(input)) return undefined(input, described(node));
        state_.used.insert(input);
      }
    for (const ::onnx::ValueInfoProto& output : graph.output()) {
      if (!state_.values.is_reserved(output.name()))
        return undefined(output.name(), "the outputs of the graph");
      state_.used.insert(output.name());
    }
    return Done{};
  }

  // Adds the nodes of a graph whose names are reserved and whose inputs are defined.
  Status add_nodes(const GraphProto& graph) {
    KEEL_TRY_STATUS(find_uses(graph));
    std::vector<std::string> names;
    for (const NodeProto& node : graph.node()) names.push_back(name_of(node));
    KEEL_TRY(const std::vector<std::size_t> order, order_of_nodes(graph, names));
    for (const std::size_t i : order) {
      const NodeProto& node = graph.node(static_cast<int>(i));
      Status added = add_node(node);
      if (added.ok()) continue;
      if (added.error().code != ErrorCode::Unsupported)
        return std::move(added).error().in(described(node));
      unsupported_.add(added.error().what, names[i]);
      stand_in(node);
    }
    return Done{};
  }

  Status add_node(const NodeProto& node) {
    const std::string& op = node.op_type();
    if (!is_standard(node)) return Error{ErrorCode::Unsupported, node.domain() + "." + op, "", ""};
    if (op == "Constant") return add_constant_node(node);
    const ControlFlowFunction control_flow = control_flow_of(op);
    const ImportFunction import = importer_of(op);
    if (import == nullptr && control_flow == nullptr)
      return Error{ErrorCode::Unsupported, op, "", ""};
    const std::size_t position = positions_.at(&node);
    NodeImport context(state_, node, names_.names[position], static_cast<ir::OriginId>(position),
                       external_);
    if (control_flow != nullptr) {
      const auto import_body = [this](const GraphProto& body, std::span<const ir::ValueId> inputs) {
        return add_subgraph(body, inputs);
      };
      KEEL_TRY(const std::vector<ir::ValueId> outputs, control_flow(context, import_body));
      KEEL_TRY_STATUS(context.attributes().check_all_read());
      return context.finish_as(outputs);
    }
    if (state_.opset < 6) context.attributes().ignore("consumed_inputs");  // of in-place execution
    KEEL_TRY(ir::Op imported, import(context));
    KEEL_TRY_STATUS(context.attributes().check_all_read());
    return context.finish(std::move(imported));
  }

  Result<std::vector<ir::ValueId>> add_subgraph(const GraphProto& graph,
                                                std::span<const ir::ValueId> inputs) {
    if (++subgraphs_ > kMostSubgraphs)
      return Error{ErrorCode::Unsupported,
                   "control flow of more than " + std::to_string(kMostSubgraphs) + " bodies", "",
                   ""};
    state_.values.enter_scope();
    Result<std::vector<ir::ValueId>> outputs = add_in_scope(graph, inputs);
    state_.values.leave_scope();
    return outputs;
  }

  Result<std::vector<ir::ValueId>> add_in_scope(const GraphProto& graph,
                                                std::span<const ir::ValueId> inputs) {
    if (static_cast<std::size_t>(graph.input_size()) != inputs.size())
      return Error{ErrorCode::InvalidModel,
                   "subgraph '" + graph.name() + "' has " + std::to_string(graph.input_size()) +
                       " inputs, not " + std::to_string(inputs.size()),
                   "", ""};
    KEEL_TRY_STATUS(reserve_names(graph));
    KEEL_TRY_STATUS(add_initializers(graph));
    for (int i = 0; i < graph.input_size(); ++i)
      state_.values.define(graph.input(i).name(), inputs[static_cast<std::size_t>(i)]);
    KEEL_TRY_STATUS(add_nodes(graph));
    std::vector<ir::ValueId> outputs;
    for (const ::onnx::ValueInfoProto& output : graph.output())
      outputs.push_back(state_.values.at(output.name()));
    return outputs;
  }

  Status add_constant_node(const NodeProto& node) {
    if (node.output_size() != 1)
      return Error{ErrorCode::InvalidModel,
                   "Constant has " + std::to_string(node.output_size()) + " outputs, not 1", "",
                   ""};
    const std::string& name = node.output(0);
    auto known = constants_.find(&node);
    if (known == constants_.end()) {
      Attributes attributes(node, external_);
      KEEL_TRY(Tensor content, constant_content(attributes));
      if (name.empty()) return Done{};
      known = constants_
                  .emplace(&node, state_.graph.add_constant(state_.values.name_in_graph(name),
                                                            std::move(content)))
                  .first;
    }
    state_.values.define(name, known->second);
    return Done{};
  }

  // Gives the outputs of a node that cannot run an id, so that the nodes after it can be checked.
  void stand_in(const NodeProto& node) {
    for (const std::string& output : node.output()) {
      if (output.empty() || state_.values.is_defined(output)) continue;
      state_.values.define(output, state_.graph.add_input({state_.values.name_in_graph(output),
                                                           TensorType{}, false, std::nullopt}));
    }
  }

  Status add_outputs() {
    if (proto_.output_size() == 0)
      return Error{ErrorCode::InvalidModel, "the graph has no outputs", "",
                   "export the model again with at least one output"};
    for (const ::onnx::ValueInfoProto& output : proto_.output())
      state_.graph.add_output(state_.values.at(output.name()));
    return Done{};
  }

  // What control flow took as given is given to every other use too.
  std::vector<std::string> fix_used_inputs() {
    std::vector<std::string> fixed;
    for (auto& [input, content] : state_.known.used_inputs()) {
      fixed.push_back(state_.graph[input].name);
      const std::string name = state_.values.make_name(fixed.back() + "/fixed");
      state_.graph.replace_uses(input, state_.graph.add_constant(name, content));
    }
    return fixed;
  }

  const GraphProto& proto_;
  const LoadOptions& options_;
  ExternalData& external_;
  std::vector<const NodeProto*> nodes_;  ///< subgraphs' included; one origin each
  std::vector<ascend::FileNode> file_nodes_;
  ascend::NodeNames names_;
  std::unordered_map<const NodeProto*, std::size_t> positions_;  ///< in nodes_
  std::unordered_map<const void*, ir::ValueId> constants_;  ///< of an initializer or a Constant
  ImportState state_;
  int subgraphs_ = 0;  ///< that have become nodes: branches and iterations
  Unsupported unsupported_;
};

}  // namespace

Result<ImportedGraph> import_graph(const GraphProto& proto, std::int64_t opset,
                                   const LoadOptions& options, ExternalData& external) {
  return GraphImport(proto, options, opset, external).run();
}

}  // namespace keel::onnx_io
