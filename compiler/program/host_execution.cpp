#include "compiler/program/host_execution.h"

#include <chrono>

#include "compiler/ir/fields.h"
#include "compiler/kernels/kernel.h"

namespace keel::program {
namespace {

using ir::NodeId;
using ir::ValueId;

void add_type(Hasher& hasher, const TensorType& type) {
  hasher.add(static_cast<std::uint64_t>(type.dtype));
  ir::add_to_hash(hasher, type.shape);
}

// One execution of a graph: the live tensors, and how many readers each still has.
class Run {
 public:
  Run(const ir::Graph& graph, const HostOptions& options)
      : graph_(graph),
        options_(options),
        tensors_(graph.value_bound()),
        readers_left_(graph.value_bound(), 0) {
    for (const NodeId id : graph.nodes())
      for (const ValueId input : graph[id].inputs)
        if (input != ir::kNoValue) ++readers_left_[index(input)];
    for (const ValueId output : graph.outputs()) ++readers_left_[index(output)];
  }

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) {
    KEEL_TRY_STATUS(take_inputs(inputs));
    for (const NodeId id : ir::topological_order(graph_)) {
      if (options_.stop.stop_requested())
        return Error{ErrorCode::DeviceFailed, "the run was stopped", graph_.describe(id), ""};
      KEEL_TRY_STATUS(step(id));
    }
    std::vector<Tensor> outputs;
    for (const ValueId output : graph_.outputs()) outputs.push_back(*tensor(output));
    return outputs;
  }

 private:
  Status take_inputs(std::span<const Tensor> inputs) {
    if (inputs.size() != graph_.inputs().size())
      return Error{ErrorCode::InvalidConfig,
                   std::to_string(inputs.size()) + " inputs given, the model has " +
                       std::to_string(graph_.inputs().size()),
                   "", "give one tensor per input"};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const ir::Value& value = graph_[graph_.inputs()[i]];
      if (inputs[i].type() != value.type)
        return Error{
            ErrorCode::InvalidConfig,
            "input is " + to_text(inputs[i].type()) + ", the model takes " + to_text(value.type),
            "input '" + value.name + "'", "give a tensor of the model's type"};
      tensors_[index(graph_.inputs()[i])] = inputs[i];
    }
    return Done{};
  }

  const Tensor* tensor(ValueId id) const {
    if (id == ir::kNoValue) return nullptr;
    if (graph_[id].constant) return &*graph_[id].constant;
    return &*tensors_[index(id)];
  }

  Status step(NodeId id) {
    const ir::Node& node = graph_[id];
    std::vector<const Tensor*> inputs;
    for (const ValueId input : node.inputs) inputs.push_back(tensor(input));
    std::vector<TensorType> types;
    for (const ValueId output : node.outputs) types.push_back(graph_[output].type);

    const kernels::Call call{node.op, inputs, types, node.compute, options_.overflow};
    Result<std::vector<Tensor>> outputs = options_.memo ? memoised(call) : kernels::execute(call);
    if (!outputs.ok()) return std::move(outputs).error().in(graph_.describe(id));

    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (options_.observe) options_.observe(node.outputs[i], (*outputs)[i]);
      if (readers_left_[index(node.outputs[i])] > 0)
        tensors_[index(node.outputs[i])] = std::move((*outputs)[i]);
    }
    for (const ValueId input : node.inputs)
      if (input != ir::kNoValue && --readers_left_[index(input)] == 0)
        tensors_[index(input)].reset();
    return Done{};
  }

  // The key holds all that the result depends on: the operator, its attributes, the rounding
  // points, the overflow rule, and type and content of each input.
  static Digest key_of(const kernels::Call& call) {
    Hasher hasher;
    hasher.add(ir::name(call.op));
    ir::for_each_field(
        call.op, [&](std::string_view, const auto& value) { ir::add_to_hash(hasher, value); });
    hasher.add(static_cast<std::uint64_t>(call.compute));
    hasher.add(static_cast<std::uint64_t>(call.overflow));
    for (const TensorType& type : call.outputs) add_type(hasher, type);
    for (const Tensor* input : call.inputs) {
      hasher.add(std::uint64_t{input != nullptr});
      if (!input) continue;
      add_type(hasher, input->type());
      hasher.add(input->content_digest());
    }
    return hasher.digest();
  }

  Result<std::vector<Tensor>> memoised(const kernels::Call& call) {
    const Digest key = key_of(call);
    if (std::optional<ResultMemo::Entry> known = options_.memo->find(key))
      return std::move(known->outputs);
    const auto start = std::chrono::steady_clock::now();
    KEEL_TRY(std::vector<Tensor> outputs, kernels::execute(call));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    options_.memo->put(key, {outputs}, taken.count());
    return outputs;
  }

  const ir::Graph& graph_;
  const HostOptions& options_;
  std::vector<std::optional<Tensor>> tensors_;  // by ValueId; empty before and after its life
  std::vector<int> readers_left_;               // by ValueId
};

}  // namespace

Result<std::vector<Tensor>> run_on_host(const ir::Graph& graph, std::span<const Tensor> inputs,
                                        const HostOptions& options) {
  return Run(graph, options).run(inputs);
}

}  // namespace keel::program
