#include "compiler/program/host_plan.h"

#include <algorithm>

#include "compiler/ir/fields.h"
#include "compiler/kernels/channel_blocks.h"

namespace keel::program {
namespace {

using ir::NodeId;
using ir::ValueId;

void add_type(Hasher& hasher, const TensorType& type) {
  hasher.add(static_cast<std::uint64_t>(type.dtype));
  ir::add_to_hash(hasher, type.shape);
}

// The operator, its attributes, the rounding points and the types.
Digest digest_of(const ir::Graph& graph, const ir::Node& node) {
  Hasher hasher;
  hasher.add(ir::name(node.op));
  ir::for_each_field(node.op,
                     [&](std::string_view, const auto& value) { ir::add_to_hash(hasher, value); });
  hasher.add(static_cast<std::uint64_t>(node.compute));
  for (const ValueId output : node.outputs) add_type(hasher, graph[output].type);
  for (const ValueId input : node.inputs) {
    hasher.add(std::uint64_t{input != ir::kNoValue});
    if (input != ir::kNoValue) add_type(hasher, graph[input].type);
  }
  return hasher.digest();
}

std::vector<HostStep> steps_of(const ir::Graph& graph) {
  std::vector<HostStep> steps;
  for (const NodeId id : ir::topological_order(graph)) {
    const ir::Node& node = graph[id];
    std::vector<TensorType> types;
    for (const ValueId output : node.outputs) types.push_back(graph[output].type);
    steps.push_back(
        {node, id, std::move(types), graph.varies(id), node.outputs, digest_of(graph, node)});
  }
  return steps;
}

std::vector<int> count_readers(const ir::Graph& graph, std::span<const HostStep> steps) {
  std::vector<int> readers(graph.value_bound());
  for (const HostStep& step : steps)
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue) ++readers[index(input)];
  for (const ValueId output : graph.outputs()) ++readers[index(output)];
  return readers;
}

void let_follow(HostStep& leader, HostStep& step, DType dtype) {
  step.follows = true;
  leader.followers.push_back({std::get<ir::Unary>(step.node.op), dtype});
  leader.results = step.node.outputs;
  Hasher both;
  both.add(leader.digest);
  both.add(step.digest);
  leader.digest = both.digest();
}

// A node follows where it alone reads the one result of a node that can be followed.
void find_followers(HostPlan& plan) {
  const ir::Graph& graph = plan.graph;
  std::vector<HostStep*> leader_of(graph.value_bound(), nullptr);  // that makes a value
  for (HostStep& step : plan.steps) {
    if (step.node.outputs.size() != 1) continue;
    const ValueId result = step.node.outputs[0];
    const DType dtype = graph[result].type.dtype;
    if (!is_tunable_float(dtype)) continue;
    const ValueId read = step.node.inputs.empty() ? ir::kNoValue : step.node.inputs[0];
    HostStep* leader = read == ir::kNoValue ? nullptr : leader_of[index(read)];
    if (leader && plan.readers[index(read)] == 1 && kernels::can_follow(step.node.op)) {
      let_follow(*leader, step, dtype);
      leader_of[index(result)] = leader;
    } else if (kernels::can_be_followed(step.node.op)) {
      leader_of[index(result)] = &step;
    }
  }
}

// A product and a recurrent operator take time by more than the size of what they give.
bool is_dear(const ir::Op& op) { return ir::cube_operands(op) > 0 || ir::is_recurrent(op); }

void find_checkpoints(HostPlan& plan) {
  constexpr int kFarthest = 8;  // steps since the last one
  std::vector<int> distance(plan.graph.value_bound());
  for (HostStep& step : plan.steps) {
    if (step.follows) continue;
    int farthest = 0;
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue) farthest = std::max(farthest, distance[index(input)]);
    step.is_checkpoint = is_dear(step.node.op) || farthest + 1 >= kFarthest;
    for (const ValueId result : step.results)
      distance[index(result)] = step.is_checkpoint ? 0 : farthest + 1;
  }
}

kernels::Call call_of(const HostStep& step, std::span<const Tensor* const> inputs,
                      Overflow overflow) {
  return {.op = step.node.op,
          .inputs = inputs,
          .outputs = step.types,
          .compute = step.node.compute,
          .overflow = overflow,
          .may_block = true,
          .choice = step.choice.get(),
          .varies = step.varies};
}

}  // namespace

HostPlan::HostPlan(const ir::Graph& of)
    : graph(of), steps(steps_of(of)), readers(count_readers(of, steps)) {
  find_followers(*this);
  find_checkpoints(*this);
}

Result<Tensors> execute(const HostStep& step, std::span<const Tensor* const> inputs,
                        Overflow overflow) {
  kernels::Call call = call_of(step, inputs, overflow);
  call.followers = step.followers;
  return kernels::execute(call);
}

Result<Tensors> execute_alone(const HostStep& step, std::span<const Tensor* const> inputs,
                              Overflow overflow) {
  return kernels::execute(call_of(step, inputs, overflow));
}

Result<std::vector<Tensor>> row_major_outputs(const ir::Graph& graph,
                                              const std::function<const Tensor*(ValueId)>& tensor) {
  std::vector<Tensor> outputs;
  for (const ValueId output : graph.outputs()) {
    KEEL_TRY(Tensor plain, kernels::in_row_major(*tensor(output)));
    outputs.push_back(std::move(plain));
  }
  return outputs;
}

}  // namespace keel::program
