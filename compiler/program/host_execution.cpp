#include "compiler/program/host_execution.h"

#include <chrono>

#include "compiler/ir/fields.h"
#include "compiler/kernels/channel_blocks.h"
#include "compiler/kernels/kernel.h"

namespace keel::program {

using ir::NodeId;
using ir::ValueId;

struct HostProgram::Step {
  const ir::Node& node;
  NodeId id;
  std::vector<TensorType> types;  // of the outputs
  Digest digest;                  // of all a result depends on that no run changes
  std::unique_ptr<kernels::KernelChoice> choice = std::make_unique<kernels::KernelChoice>();
  bool is_view = false;  // hands on the bytes of its input, which are kept already
  // Where the values between are not asked for, the nodes that follow run with this one.
  std::vector<kernels::Follower> followers = {};
  ValueId last = ir::kNoValue;  // what they make of the result
  Digest followed_digest = {};
  bool follows = false;  // runs with another step
};

namespace {

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

bool is_view(const ir::Graph& graph, const ir::Node& node) {
  const auto* cast = std::get_if<ir::Cast>(&node.op);
  const bool widens =
      cast && cast->to == DType::F32 && is_tunable_float(graph[node.inputs[0]].type.dtype);
  return widens || std::holds_alternative<ir::Reshape>(node.op) ||
         std::holds_alternative<ir::Identity>(node.op);
}

// What a result depends on: that, the overflow rule, and the content of each input. How an input
// is held decides the order in which a product is summed.
Digest key_of(const Digest& of_step, const kernels::Call& call) {
  Hasher hasher;
  hasher.add(of_step);
  hasher.add(static_cast<std::uint64_t>(call.overflow));
  for (const Tensor* input : call.inputs) {
    if (!input) continue;
    hasher.add(static_cast<std::uint64_t>(input->block()));
    hasher.add(std::uint64_t{input->is_lasting()});
    hasher.add(input->content_digest());
  }
  return hasher.digest();
}

Result<std::vector<Tensor>> memoised(const Digest& of_step, const kernels::Call& call,
                                     ResultMemo& memo) {
  const Digest key = key_of(of_step, call);
  if (std::optional<ResultMemo::Entry> known = memo.find(key)) return std::move(known->outputs);
  const auto start = std::chrono::steady_clock::now();
  KEEL_TRY(std::vector<Tensor> outputs, kernels::execute(call));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  memo.put(key, {outputs}, taken.count());
  return outputs;
}

}  // namespace

// One execution: the live tensors, and how many readers each still has.
class HostProgram::Run {
 public:
  Run(const HostProgram& program, const HostOptions& options)
      : graph_(program.graph_),
        program_(program),
        options_(options),
        tensors_(graph_.value_bound()),
        readers_left_(program.readers_) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) {
    KEEL_TRY_STATUS(take_inputs(inputs));
    for (const Step& step : program_.steps_) {
      if (options_.stop.stop_requested())
        return Error{ErrorCode::DeviceFailed, "the run was stopped", graph_.describe(step.id), ""};
      if (fuses() && step.follows) continue;
      KEEL_TRY_STATUS(run_step(step));
    }
    std::vector<Tensor> outputs;
    for (const ValueId output : graph_.outputs()) {
      KEEL_TRY(Tensor plain, kernels::in_row_major(*tensor(output)));
      outputs.push_back(std::move(plain));
    }
    return outputs;
  }

 private:
  bool fuses() const { return !options_.observe; }

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

  Status run_step(const Step& step) {
    const ir::Node& node = step.node;
    std::vector<const Tensor*> inputs;
    inputs.reserve(node.inputs.size());
    for (const ValueId input : node.inputs) inputs.push_back(tensor(input));
    const bool fused = fuses() && !step.followers.empty();
    kernels::Call call{.op = node.op,
                       .inputs = inputs,
                       .outputs = step.types,
                       .compute = node.compute,
                       .overflow = options_.overflow,
                       .may_block = true,
                       .choice = step.choice.get()};
    if (fused) call.followers = step.followers;
    const Digest& digest = fused ? step.followed_digest : step.digest;
    Result<std::vector<Tensor>> results = options_.memo && !step.is_view
                                              ? memoised(digest, call, *options_.memo)
                                              : kernels::execute(call);
    if (!results.ok()) return std::move(results).error().in(graph_.describe(step.id));
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      KEEL_TRY_STATUS(take_result(fused ? step.last : node.outputs[i], std::move((*results)[i])));
    }
    for (const ValueId input : node.inputs)
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

  const ir::Graph& graph_;
  const HostProgram& program_;
  const HostOptions& options_;
  std::vector<std::optional<Tensor>> tensors_;  // by ValueId; empty before and after its life
  std::vector<int> readers_left_;               // by ValueId
};

HostProgram::HostProgram(const ir::Graph& graph) : graph_(graph), readers_(graph.value_bound()) {
  for (const NodeId id : ir::topological_order(graph)) {
    const ir::Node& node = graph[id];
    std::vector<TensorType> types;
    for (const ValueId output : node.outputs) types.push_back(graph[output].type);
    steps_.push_back({node, id, std::move(types), digest_of(graph, node)});
    steps_.back().is_view = is_view(graph, node);
    for (const ValueId input : node.inputs)
      if (input != ir::kNoValue) ++readers_[index(input)];
  }
  for (const ValueId output : graph.outputs()) ++readers_[index(output)];
  find_followers();
}

// A node follows where it alone reads the one result of a node that can be followed.
void HostProgram::find_followers() {
  std::vector<Step*> leader_of(graph_.value_bound(), nullptr);  // that makes a value with followers
  for (Step& step : steps_) {
    if (step.node.outputs.size() != 1) continue;
    const ValueId result = step.node.outputs[0];
    const bool is_float = is_tunable_float(graph_[result].type.dtype);
    const ValueId read = step.node.inputs.empty() ? ir::kNoValue : step.node.inputs[0];
    Step* leader = read == ir::kNoValue ? nullptr : leader_of[index(read)];
    if (leader && is_float && readers_[index(read)] == 1 && kernels::can_follow(step.node.op)) {
      step.follows = true;
      leader->followers.push_back({std::get<ir::Unary>(step.node.op), graph_[result].type.dtype});
      leader->last = result;
      Hasher both;
      both.add(leader->followers.size() == 1 ? leader->digest : leader->followed_digest);
      both.add(step.digest);
      leader->followed_digest = both.digest();
      leader_of[index(result)] = leader;
    } else if (is_float && kernels::can_be_followed(step.node.op)) {
      leader_of[index(result)] = &step;
    }
  }
}

HostProgram::~HostProgram() = default;

Result<std::vector<Tensor>> HostProgram::run(std::span<const Tensor> inputs,
                                             const HostOptions& options) const {
  return Run(*this, options).run(inputs);
}

Result<std::vector<Tensor>> run_on_host(const ir::Graph& graph, std::span<const Tensor> inputs,
                                        const HostOptions& options) {
  return HostProgram(graph).run(inputs, options);
}

}  // namespace keel::program
