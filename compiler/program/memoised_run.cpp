#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <set>

#include "compiler/program/host_plan.h"

namespace keel::program {
namespace {

using ir::ValueId;

// One execution that computes what the memo does not know. A value has an identity: of a result of
// a checkpoint its content, so that what reads an equal result is known too; of any other value,
// what it is computed from. So identities are found step by step, and only a checkpoint that the
// memo does not know must run there. A tensor is asked for where such a step reads it: it is at
// hand, the memo holds it, or the steps that make it run then.
//
// Most of what lies behind a difference is like nothing else, and to note it would cost more than
// it saves. So a few unknown checkpoints behind it, where an equal result would have shown, values
// are lost: computed at once and not noted. Unless an execution before took the same path to them,
// by the same steps from the same inputs: then others are likely to follow.
class MemoisedRun {
 public:
  MemoisedRun(const HostPlan& plan, const HostOptions& options)
      : plan_(plan),
        graph_(plan.graph),
        options_(options),
        memo_(*options.memo),
        values_(plan.graph.value_bound()),
        readers_left_(plan.readers),
        keys_(plan.steps.size()) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Value& value = values_[index(graph_.inputs()[i])];
      value.identity = value.path = content_of(inputs[i]);
      value.tensor = {std::shared_ptr<const void>(), &inputs[i]};  // the caller holds it
    }
    for (StepIndex s = 0; s < plan_.steps.size(); ++s) {
      const HostStep& step = plan_.steps[s];
      if (options_.stop.stop_requested()) return stopped(graph_, step.id);
      if (step.follows) continue;
      KEEL_TRY_STATUS(pass(s));
    }
    KEEL_TRY_STATUS(bring(graph_.outputs()));
    return row_major_outputs(graph_, [this](ValueId id) { return tensor(id); });
  }

 private:
  using StepIndex = std::size_t;

  // A value is lost behind so many checkpoints in a row that the memo did not know.
  static constexpr int kLost = 3;

  // What the memo is told of results; what it knew before it may hold in any case.
  enum class Noting { Nothing, Content, Tensors };

  struct Value {
    Digest path;                                // of the steps and inputs it is made of
    Digest identity;                            // the path of a lost one
    std::shared_ptr<const Tensor> tensor = {};  // if at hand, while a step may read it
    double seconds = 0;                         // what making the tensor again takes
    StepIndex producer = 0;                     // of a computed one
    int unknown_checkpoints = 0;                // since the last one that was known
  };

  const Tensor* tensor(ValueId id) const {
    if (id == ir::kNoValue) return nullptr;
    if (graph_[id].constant) return &*graph_[id].constant;
    return values_[index(id)].tensor.get();
  }

  // What a result depends on: the step, the overflow rule, and a digest of each input.
  Digest key_of(const HostStep& step, Digest Value::*of_input) {
    parts_.assign({step.digest, {static_cast<std::uint64_t>(options_.overflow), 0}});
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue)
        parts_.push_back(graph_[input].constant ? content_of(*graph_[input].constant)
                                                : values_[index(input)].*of_input);
    return combined(parts_);
  }

  int unknown_checkpoints_before(const HostStep& step) const {
    int most = 0;
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue) most = std::max(most, values_[index(input)].unknown_checkpoints);
    return most;
  }

  Status pass(StepIndex s) {
    const HostStep& step = plan_.steps[s];
    const Digest path = key_of(step, &Value::path);
    const bool took_path = step.is_checkpoint && memo_.take(path);
    const int unknown = unknown_checkpoints_before(step);
    const bool is_lost = unknown >= kLost && !took_path && !options_.expects_reuse;
    keys_[s] = is_lost ? path : key_of(step, &Value::identity);
    for (std::size_t i = 0; i < step.results.size(); ++i) {
      Value& value = values_[index(step.results[i])];
      value.producer = s;
      value.path = combined(std::array{path, Digest{i, 0}});
      value.identity = is_lost ? value.path : combined(std::array{keys_[s], Digest{i, 0}});
      value.unknown_checkpoints = unknown;
    }
    if (is_lost) return compute(s, Noting::Nothing);
    if (!step.is_checkpoint) return Done{};
    return look_up(s, took_path || options_.expects_reuse ? Noting::Tensors : Noting::Content);
  }

  // Of a checkpoint, which is computed where the memo does not know it.
  Status look_up(StepIndex s, Noting noting) {
    const HostStep& step = plan_.steps[s];
    const ResultMemo::EntryPtr known = memo_.find(keys_[s]);
    for (const ValueId result : step.results) {
      int& unknown = values_[index(result)].unknown_checkpoints;
      unknown = known ? 0 : unknown + 1;
    }
    if (!known) return compute(s, noting);
    take(step, known);
    if (known->holds_tensors()) has_read(step);
    return Done{};
  }

  // The step will not read its inputs again.
  void has_read(const HostStep& step) {
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue && --readers_left_[index(input)] == 0)
        values_[index(input)].tensor.reset();
  }

  Status compute(StepIndex s, Noting noting) {
    const HostStep& step = plan_.steps[s];
    KEEL_TRY_STATUS(bring(step.node.inputs));
    kernels::Operands inputs;
    double seconds = 0;
    for (const ValueId input : step.node.inputs) {
      inputs.push_back(tensor(input));
      if (input != ir::kNoValue) seconds += values_[index(input)].seconds;
    }
    const auto start = std::chrono::steady_clock::now();
    Result<Tensors> results = execute(step, inputs, options_.overflow);
    if (!results.ok()) return std::move(results).error().in(graph_.describe(step.id));
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (noting == Noting::Nothing) {
      take(step, *std::move(results), seconds);
    } else {
      take(step, memo_.put(keys_[s], *std::move(results), seconds, noting == Noting::Tensors));
    }
    has_read(step);
    return Done{};
  }

  // Results that the memo is not told of.
  void take(const HostStep& step, Tensors results, double seconds) {
    for (std::size_t i = 0; i < step.results.size(); ++i) {
      Value& value = values_[index(step.results[i])];
      value.seconds = seconds;
      if (readers_left_[index(step.results[i])] > 0)
        value.tensor = std::make_shared<const Tensor>(std::move(results[i]));
    }
  }

  void take(const HostStep& step, const ResultMemo::EntryPtr& known) {
    for (std::size_t i = 0; i < step.results.size(); ++i) {
      Value& value = values_[index(step.results[i])];
      value.seconds = known->seconds;
      value.identity = known->outputs[i].content;
      if (known->holds_tensors() && readers_left_[index(step.results[i])] > 0)
        value.tensor = {known, &*known->outputs[i].tensor};
    }
  }

  // Makes tensors at hand.
  Status bring(std::span<const ValueId> asked) {
    const auto is_missing = [this](ValueId id) {
      return id != ir::kNoValue && tensor(id) == nullptr;
    };
    if (std::ranges::none_of(asked, is_missing)) return Done{};
    for (const StepIndex s : steps_to_run(asked)) {
      if (options_.stop.stop_requested()) return stopped(graph_, plan_.steps[s].id);
      KEEL_TRY_STATUS(compute(s, plan_.steps[s].is_checkpoint ? Noting::Content : Noting::Nothing));
    }
    return Done{};
  }

  // In execution order. None ran before: a tensor is at hand from then until all have read it.
  std::set<StepIndex> steps_to_run(std::span<const ValueId> asked) const {
    std::set<StepIndex> steps;
    std::vector<ValueId> missing(asked.begin(), asked.end());
    while (!missing.empty()) {
      const ValueId id = missing.back();
      missing.pop_back();
      if (id == ir::kNoValue || tensor(id) != nullptr) continue;
      const StepIndex s = values_[index(id)].producer;
      if (!steps.insert(s).second) continue;
      const std::vector<ValueId>& inputs = plan_.steps[s].node.inputs;
      missing.insert(missing.end(), inputs.begin(), inputs.end());
    }
    return steps;
  }

  const HostPlan& plan_;
  const ir::Graph& graph_;
  const HostOptions& options_;
  ResultMemo& memo_;
  std::vector<Value> values_;      // by ValueId
  std::vector<int> readers_left_;  // by ValueId: steps that may still read it, and graph outputs
  std::vector<Digest> keys_;       // of the steps that were passed
  std::vector<Digest> parts_;      // of a key
};

}  // namespace

Result<std::vector<Tensor>> run_memoised(const HostPlan& plan, std::span<const Tensor> inputs,
                                         const HostOptions& options) {
  return MemoisedRun(plan, options).run(inputs);
}

}  // namespace keel::program
