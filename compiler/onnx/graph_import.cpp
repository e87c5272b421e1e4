#include "compiler/onnx/graph_import.h"

#include <onnx/onnx_pb.h>

#include <array>

#include "compiler/ascend/names.h"
#include "compiler/base/nearest.h"
#include "compiler/onnx/import_table.h"
#include "compiler/onnx/initializers.h"
#include "compiler/onnx/input_shapes.h"
#include "compiler/onnx/node_order.h"
#include "compiler/onnx/unsupported.h"

namespace keel::onnx_io {
namespace {

using ::onnx::GraphProto;
using ::onnx::NodeProto;

bool is_standard(const NodeProto& node) {
  return node.domain().empty() || node.domain() == "ai.onnx";
}

ascend::NodeNames name_nodes(const GraphProto& proto) {
  std::vector<ascend::FileNode> nodes;
  for (const NodeProto& node : proto.node()) nodes.push_back({node.name(), node.op_type()});
  return ascend::assign_names(nodes);
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
  GraphImport(const GraphProto& proto, std::int64_t opset, ExternalData& external)
      : proto_(proto), external_(external), names_(name_nodes(proto)) {
    state_.opset = opset;
  }

  Result<ImportedGraph> run(const InputShapes& shapes) && {
    KEEL_TRY_STATUS(reserve_names());
    KEEL_TRY_STATUS(add_initializers());
    KEEL_TRY_STATUS(add_inputs(shapes));
    KEEL_TRY_STATUS(find_uses());
    KEEL_TRY_STATUS(add_nodes());
    KEEL_TRY_STATUS(add_outputs());
    KEEL_TRY_STATUS(state_.graph.verify());
    return ImportedGraph{std::move(state_.graph), names_.needs_copy};
  }

 private:
  std::string described(int i) const {
    return "node '" + names_.names[static_cast<std::size_t>(i)] + "' (" + proto_.node(i).op_type() +
           ")";
  }

  bool is_initializer(const std::string& name) const { return initializers_.contains(name); }

  Status reserve_names() {
    for (const ::onnx::TensorProto& tensor : proto_.initializer()) {
      KEEL_TRY_STATUS(state_.values.reserve(tensor.name()));
      initializers_.insert(tensor.name());
    }
    for (const ::onnx::ValueInfoProto& input : proto_.input())
      if (!is_initializer(input.name())) {
        KEEL_TRY_STATUS(state_.values.reserve(input.name()));
      }
    for (int i = 0; i < proto_.node_size(); ++i) {
      if (proto_.node(i).output_size() == 0)
        return Error{ErrorCode::InvalidModel, "the node has no outputs", described(i), ""};
      for (const std::string& output : proto_.node(i).output()) {
        if (output.empty()) continue;
        Status reserved = state_.values.reserve(output);
        if (!reserved.ok()) return std::move(reserved).error().in(described(i));
      }
    }
    return Done{};
  }

  Status add_initializers() {
    for (const ::onnx::TensorProto& tensor : proto_.initializer()) {
      KEEL_TRY(Tensor content, to_tensor(tensor, external_));
      state_.values.define(tensor.name(),
                           state_.graph.add_constant(tensor.name(), std::move(content)));
    }
    if (proto_.sparse_initializer_size() > 0)
      unsupported_.add("sparse initializer", proto_.sparse_initializer(0).values().name());
    return Done{};
  }

  Status add_inputs(const InputShapes& shapes) {
    std::vector<const ::onnx::ValueInfoProto*> inputs;
    for (const ::onnx::ValueInfoProto& input : proto_.input())
      if (!is_initializer(input.name())) inputs.push_back(&input);
    KEEL_TRY(const std::vector<TensorType> types, input_types(inputs, shapes));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::string& name = inputs[i]->name();
      state_.values.define(name, state_.graph.add_input({name, types[i], true, std::nullopt}));
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

  Status find_uses() {
    for (int i = 0; i < proto_.node_size(); ++i)
      for (const std::string& input : proto_.node(i).input()) {
        if (input.empty()) continue;
        if (!state_.values.is_reserved(input)) return undefined(input, described(i));
        state_.used.insert(input);
      }
    for (const ::onnx::ValueInfoProto& output : proto_.output()) {
      if (!state_.values.is_reserved(output.name()))
        return undefined(output.name(), "the outputs of the graph");
      state_.used.insert(output.name());
    }
    return Done{};
  }

  Status add_nodes() {
    for (int i = 0; i < proto_.node_size(); ++i)
      state_.graph.add_origin(
          {names_.names[static_cast<std::size_t>(i)], proto_.node(i).op_type()});
    KEEL_TRY(const std::vector<std::size_t> order, order_of_nodes(proto_, names_.names));
    for (const std::size_t i : order) {
      Status added = add_node(i);
      if (added.ok()) continue;
      if (added.error().code != ErrorCode::Unsupported)
        return std::move(added).error().in(described(static_cast<int>(i)));
      unsupported_.add(added.error().what, names_.names[i]);
      stand_in(proto_.node(static_cast<int>(i)));
    }
    return unsupported_.check();
  }

  Status add_node(std::size_t i) {
    const NodeProto& node = proto_.node(static_cast<int>(i));
    const std::string& op = node.op_type();
    if (!is_standard(node)) return Error{ErrorCode::Unsupported, node.domain() + "." + op, "", ""};
    if (op == "Constant") return add_constant_node(node);
    const ImportFunction import = importer_of(op);
    if (import == nullptr) return Error{ErrorCode::Unsupported, op, "", ""};
    NodeImport context(state_, node, names_.names[i], static_cast<ir::OriginId>(i), external_);
    KEEL_TRY(ir::Op imported, import(context));
    KEEL_TRY_STATUS(context.attributes().check_all_read());
    return context.finish(std::move(imported));
  }

  Status add_constant_node(const NodeProto& node) {
    if (node.output_size() != 1)
      return Error{ErrorCode::InvalidModel,
                   "Constant has " + std::to_string(node.output_size()) + " outputs, not 1", "",
                   ""};
    Attributes attributes(node, external_);
    KEEL_TRY(Tensor content, constant_content(attributes));
    const std::string& name = node.output(0);
    if (!name.empty())
      state_.values.define(name, state_.graph.add_constant(name, std::move(content)));
    return Done{};
  }

  // Gives the outputs of a node that cannot run an id, so that the nodes after it can be checked.
  void stand_in(const NodeProto& node) {
    for (const std::string& output : node.output()) {
      if (output.empty() || state_.values.is_defined(output)) continue;
      state_.values.define(output,
                           state_.graph.add_input({output, TensorType{}, false, std::nullopt}));
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

  const GraphProto& proto_;
  ExternalData& external_;
  ascend::NodeNames names_;
  ImportState state_;
  std::unordered_set<std::string> initializers_;
  Unsupported unsupported_;
};

}  // namespace

Result<ImportedGraph> import_graph(const GraphProto& proto, std::int64_t opset,
                                   const InputShapes& shapes, ExternalData& external) {
  return GraphImport(proto, opset, external).run(shapes);
}

}  // namespace keel::onnx_io
