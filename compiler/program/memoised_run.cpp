#include <chrono>
#include <map>
#include <set>

#include "compiler/kernels/channel_blocks.h"
#include "compiler/program/host_plan.h"

namespace keel::program {
namespace {

using ir::ValueId;

// One execution that computes what the memo does not know. Of a known result the tensor is asked
// for only where a node that must run reads it; where the memo does not hold it, it is made again
// from what is held.
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
      const ValueId id = graph_.inputs()[i];
      values_[index(id)] = {content_of(inputs[i]), &inputs[i]};
      ++readers_left_[index(id)];  // at hand until the end
    }
    for (StepIndex s = 0; s < plan_.steps.size(); ++s) {
      const HostStep& step = plan_.steps[s];
      if (options_.stop.stop_requested()) return stopped(graph_, step.id);
      if (step.follows) continue;
      KEEL_TRY_STATUS(pass(s));
    }
    KEEL_TRY_STATUS(bring(graph_.outputs()));
    std::vector<Tensor> outputs;
    for (const ValueId output : graph_.outputs()) {
      KEEL_TRY(Tensor plain, kernels::in_row_major(*tensor(output)));
      outputs.push_back(std::move(plain));
    }
    return outputs;
  }

 private:
  using StepIndex = std::size_t;

  struct Value {
    Content content = {};
    const Tensor* tensor = nullptr;    // while somebody may read it
    ResultMemo::EntryPtr holder = {};  // of a computed one, as long
    double seconds = 0;                // what making the tensor again takes
    StepIndex producer = 0;            // of a computed one
  };

  const Tensor* tensor(ValueId id) const {
    if (id == ir::kNoValue) return nullptr;
    if (graph_[id].constant) return &*graph_[id].constant;
    return values_[index(id)].tensor;
  }
  bool is_at_hand(ValueId id) const { return tensor(id) != nullptr || id == ir::kNoValue; }
  Content content(ValueId id) const {
    return graph_[id].constant ? content_of(*graph_[id].constant) : values_[index(id)].content;
  }

  // What a result depends on: the step, the overflow rule, and the content of each input.
  Digest key_of(const HostStep& step) const {
    Hasher hasher;
    hasher.add(step.digest);
    hasher.add(static_cast<std::uint64_t>(options_.overflow));
    for (const ValueId input : step.node.inputs) {
      if (input == ir::kNoValue) continue;
      const Content of_input = content(input);
      hasher.add(static_cast<std::uint64_t>(of_input.block));
      hasher.add(std::uint64_t{of_input.is_lasting});
      hasher.add(of_input.digest);
    }
    return hasher.digest();
  }

  Status pass(StepIndex s) {
    const HostStep& step = plan_.steps[s];
    keys_[s] = key_of(step);
    if (const ResultMemo::EntryPtr known = memo_.find(keys_[s])) {
      note(s, known);
    } else {
      KEEL_TRY_STATUS(bring(step.node.inputs));
      KEEL_TRY_STATUS(compute(s));
    }
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue && --readers_left_[index(input)] == 0) let_go(input);
    return Done{};
  }

  void let_go(ValueId id) {
    values_[index(id)].tensor = nullptr;
    values_[index(id)].holder.reset();
  }

  // \pre the inputs are at hand
  Status compute(StepIndex s) {
    const HostStep& step = plan_.steps[s];
    std::vector<const Tensor*> inputs;
    double seconds = 0;
    for (const ValueId input : step.node.inputs) {
      inputs.push_back(tensor(input));
      if (input != ir::kNoValue) seconds += values_[index(input)].seconds;
    }
    const auto start = std::chrono::steady_clock::now();
    Result<std::vector<Tensor>> results = execute(step, inputs, options_.overflow);
    if (!results.ok()) return std::move(results).error().in(graph_.describe(step.id));
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    note(s, memo_.put(keys_[s], *std::move(results), seconds));
    return Done{};
  }

  void note(StepIndex s, const ResultMemo::EntryPtr& known) {
    for (std::size_t i = 0; i < plan_.steps[s].results.size(); ++i) {
      const ValueId id = plan_.steps[s].results[i];
      Value& value = values_[index(id)];
      value.content = known->outputs[i].content;
      value.seconds = known->seconds;
      value.producer = s;
      if (!known->holds_tensors()) continue;
      if (readers_left_[index(id)] == 0 && !wanted_again_.contains(id)) continue;
      value.tensor = &*known->outputs[i].tensor;
      value.holder = known;
    }
  }

  // Makes tensors at hand of values that were passed.
  Status bring(std::span<const ValueId> asked) {
    for (const StepIndex s : steps_to_repeat(asked)) {
      KEEL_TRY_STATUS(compute(s));
      for (const ValueId input : plan_.steps[s].node.inputs) {
        const auto wanted = wanted_again_.find(input);
        if (wanted == wanted_again_.end() || --wanted->second > 0) continue;
        wanted_again_.erase(wanted);
        if (readers_left_[index(input)] == 0) let_go(input);
      }
    }
    return Done{};
  }

  // Takes from the memo what it holds, and returns what must be run again, in execution order.
  std::set<StepIndex> steps_to_repeat(std::span<const ValueId> asked) {
    std::set<StepIndex> steps;
    std::vector<ValueId> missing(asked.begin(), asked.end());
    while (!missing.empty()) {
      const ValueId id = missing.back();
      missing.pop_back();
      if (is_at_hand(id)) continue;
      const StepIndex s = values_[index(id)].producer;
      if (steps.contains(s)) continue;
      const ResultMemo::EntryPtr known = memo_.find(keys_[s]);
      if (known && known->holds_tensors()) {
        note(s, known);
        continue;
      }
      steps.insert(s);
      for (const ValueId input : plan_.steps[s].node.inputs) {
        if (input == ir::kNoValue || graph_[input].constant) continue;
        ++wanted_again_[input];
        missing.push_back(input);
      }
    }
    return steps;
  }

  const HostPlan& plan_;
  const ir::Graph& graph_;
  const HostOptions& options_;
  ResultMemo& memo_;
  std::vector<Value> values_;            // by ValueId
  std::vector<int> readers_left_;        // by ValueId: of the steps that were not passed yet
  std::vector<Digest> keys_;             // of the steps that were passed
  std::map<ValueId, int> wanted_again_;  // readers among the steps that run again
};

}  // namespace

Result<std::vector<Tensor>> run_memoised(const HostPlan& plan, std::span<const Tensor> inputs,
                                         const HostOptions& options) {
  return MemoisedRun(plan, options).run(inputs);
}

}  // namespace keel::program
