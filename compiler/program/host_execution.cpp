#include "compiler/program/host_execution.h"

#include <optional>

#include "compiler/kernels/channel_blocks.h"
#include "compiler/program/host_plan.h"

namespace keel::program {
namespace {

using ir::ValueId;

Status check_inputs(const ir::Graph& graph, std::span<const Tensor> inputs) {
  if (inputs.size() != graph.inputs().size())
    return Error{ErrorCode::InvalidConfig,
                 std::to_string(inputs.size()) + " inputs given, the model has " +
                     std::to_string(graph.inputs().size()),
                 "", "give one tensor per input"};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const ir::Value& value = graph[graph.inputs()[i]];
    if (inputs[i].type() != value.type)
      return Error{
          ErrorCode::InvalidConfig,
          "input is " + to_text(inputs[i].type()) + ", the model takes " + to_text(value.type),
          "input '" + value.name + "'", "give a tensor of the model's type"};
  }
  return Done{};
}

// Computes every value: the live tensors, and how many readers each still has.
class FullRun {
 public:
  FullRun(const HostPlan& plan, const HostOptions& options)
      : plan_(plan),
        graph_(plan.graph),
        options_(options),
        tensors_(plan.graph.value_bound()),
        readers_left_(plan.readers) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) tensors_[index(graph_.inputs()[i])] = inputs[i];
    for (const HostStep& step : plan_.steps) {
      if (options_.stop.stop_requested()) return stopped(graph_, step.id);
      if (!options_.observe && step.follows) continue;
      KEEL_TRY_STATUS(run_step(step));
    }
    return row_major_outputs(graph_, [this](ValueId id) { return tensor(id); });
  }

 private:
  const Tensor* tensor(ValueId id) const {
    if (id == ir::kNoValue) return nullptr;
    if (graph_[id].constant) return &*graph_[id].constant;
    return &*tensors_[index(id)];
  }

  Status run_step(const HostStep& step) {
    kernels::Operands inputs;
    for (const ValueId input : step.node.inputs) inputs.push_back(tensor(input));
    const bool alone = static_cast<bool>(options_.observe);
    Result<Tensors> results = alone ? execute_alone(step, inputs, options_.overflow)
                                    : execute(step, inputs, options_.overflow);
    if (!results.ok()) return std::move(results).error().in(graph_.describe(step.id));
    const std::vector<ValueId>& values = alone ? step.node.outputs : step.results;
    for (std::size_t i = 0; i < values.size(); ++i) {
      KEEL_TRY_STATUS(take_result(values[i], std::move((*results)[i])));
    }
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue && --readers_left_[index(input)] == 0)
        tensors_[index(input)].reset();
    return Done{};
  }

  Status take_result(ValueId value, Tensor tensor) {
    if (options_.observe) {
      KEEL_TRY(const Tensor plain, kernels::in_row_major(tensor));
      options_.observe(value, plain);
    }
    if (readers_left_[index(value)] > 0) tensors_[index(value)] = std::move(tensor);
    return Done{};
  }

  const HostPlan& plan_;
  const ir::Graph& graph_;
  const HostOptions& options_;
  std::vector<std::optional<Tensor>> tensors_;  // by ValueId; empty before and after its life
  std::vector<int> readers_left_;               // by ValueId
};

}  // namespace

Error stopped(const ir::Graph& graph, ir::NodeId before) {
  return {ErrorCode::DeviceFailed, "the run was stopped", graph.describe(before), ""};
}

HostProgram::HostProgram(const ir::Graph& graph) : plan_(std::make_unique<HostPlan>(graph)) {}
HostProgram::~HostProgram() = default;

Result<std::vector<Tensor>> HostProgram::run(std::span<const Tensor> inputs,
                                             const HostOptions& options) const {
  KEEL_TRY_STATUS(check_inputs(plan_->graph, inputs));
  if (options.memo && !options.observe) return run_memoised(*plan_, inputs, options);
  return FullRun(*plan_, options).run(inputs);
}

Result<std::vector<Tensor>> run_on_host(const ir::Graph& graph, std::span<const Tensor> inputs,
                                        const HostOptions& options) {
  return HostProgram(graph).run(inputs, options);
}

}  // namespace keel::program
