#include "compiler/onnx/node_import.h"

#include <onnx/onnx_pb.h>

#include <memory>

#include "compiler/ir/arity.h"

namespace keel::onnx_io {
namespace {

ir::Node node_of(ir::Op op, std::vector<ir::ValueId> inputs, ir::OriginId origin) {
  ir::Node node;
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.origins = {origin};
  return node;
}

ir::Value untyped(std::string name) { return {std::move(name), {}, false, std::nullopt}; }

}  // namespace

NodeImport::NodeImport(ImportState& state, const ::onnx::NodeProto& proto, std::string name,
                       ir::OriginId origin, ExternalData& external)
    : state_(state),
      proto_(proto),
      name_(std::move(name)),
      origin_(origin),
      attributes_(proto, external) {
  for (const std::string& input : proto.input())
    inputs_.push_back(input.empty() ? ir::kNoValue : state.values.at(input));
  while (!inputs_.empty() && inputs_.back() == ir::kNoValue) inputs_.pop_back();
}

const std::string& NodeImport::onnx_op() const { return proto_.op_type(); }

std::size_t NodeImport::output_count() const {
  return static_cast<std::size_t>(proto_.output_size());
}

const Tensor* NodeImport::constant(std::size_t i) const {
  if (!has_input(i)) return nullptr;
  const std::optional<Tensor>& content = state_.graph[inputs_[i]].constant;
  return content ? &*content : nullptr;
}

std::optional<DType> NodeImport::dtype(std::size_t i) const {
  if (!has_input(i) || !state_.graph[inputs_[i]].type_known) return std::nullopt;
  return state_.graph[inputs_[i]].type.dtype;
}

ir::ValueId NodeImport::add_constant(const std::string& suffix, Tensor content) {
  return state_.graph.add_constant(state_.values.make_name(name_ + "/" + suffix),
                                   std::move(content));
}

Status NodeImport::set_input(std::size_t i, const std::string& suffix, Tensor content) {
  if (has_input(i))
    return Error{ErrorCode::InvalidModel,
                 "attribute '" + suffix + "' and input " + std::to_string(i) + " are both given",
                 "", ""};
  if (inputs_.size() <= i) inputs_.resize(i + 1, ir::kNoValue);
  inputs_[i] = add_constant(suffix, std::move(content));
  return Done{};
}

ir::ValueId NodeImport::add_partial(ir::Op op, std::vector<ir::ValueId> inputs) {
  const std::string wanted = proto_.output(0) + "/partial_" + std::to_string(++partials_);
  const ir::NodeId id = state_.graph.add_node(node_of(std::move(op), std::move(inputs), origin_),
                                              {untyped(state_.values.make_name(wanted))});
  return state_.graph[id].outputs[0];
}

Status NodeImport::finish(ir::Op op) {
  // vector<bool> has no span.
  const auto present = std::make_unique<bool[]>(inputs_.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) present[i] = has_input(i);
  KEEL_TRY_STATUS(ir::check_inputs(op, {present.get(), inputs_.size()}));

  const std::size_t most = ir::most_outputs(op);
  std::vector<ir::Value> outputs;
  for (std::size_t i = 0; i < output_count(); ++i) {
    const std::string& output = proto_.output(static_cast<int>(i));
    if (i >= most) {
      if (!uses_output(i) || state_.values.is_defined(output)) continue;
      return Error{ErrorCode::Unsupported,
                   onnx_op() + " with output " + std::to_string(i) + " in use", "", ""};
    }
    outputs.push_back(untyped(output.empty()
                                  ? state_.values.make_name(name_ + "/unused_" + std::to_string(i))
                                  : state_.values.name_in_graph(output)));
  }
  const ir::NodeId id = state_.graph.add_node(node_of(std::move(op), std::move(inputs_), origin_),
                                              std::move(outputs));
  const std::vector<ir::ValueId>& values = state_.graph[id].outputs;
  for (std::size_t i = 0; i < values.size(); ++i)
    state_.values.define(proto_.output(static_cast<int>(i)), values[i]);
  return Done{};
}

Status NodeImport::finish_as(std::span<const ir::ValueId> values) {
  if (output_count() > values.size())
    return Error{ErrorCode::InvalidModel,
                 onnx_op() + " has " + std::to_string(output_count()) + " outputs, its subgraph " +
                     std::to_string(values.size()),
                 "", ""};
  for (std::size_t i = 0; i < output_count(); ++i) define_output(i, values[i]);
  return Done{};
}

bool NodeImport::uses_output(std::size_t i) const {
  if (i >= output_count()) return false;
  const std::string& output = proto_.output(static_cast<int>(i));
  return !output.empty() && state_.used.contains(output);
}

void NodeImport::define_output(std::size_t i, ir::ValueId value) {
  const std::string& output = proto_.output(static_cast<int>(i));
  if (output.empty()) return;
  if (!state_.values.in_subgraph() && state_.graph_outputs.contains(output)) {
    const ir::NodeId id =
        state_.graph.add_node(node_of(ir::Identity{}, {value}, origin_), {untyped(output)});
    value = state_.graph[id].outputs[0];
  }
  state_.values.define(output, value);
}

}  // namespace keel::onnx_io
