#include <array>
#include <chrono>
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
      value.identity = content_of(inputs[i]);
      value.tensor = &inputs[i];
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

  struct Value {
    Digest identity;
    const Tensor* tensor = nullptr;    // if at hand, while a step may read it
    ResultMemo::EntryPtr holder = {};  // of a computed one, as long
    double seconds = 0;                // what making the tensor again takes
    StepIndex producer = 0;            // of a computed one
  };

  const Tensor* tensor(ValueId id) const {
    if (id == ir::kNoValue) return nullptr;
    if (graph_[id].constant) return &*graph_[id].constant;
    return values_[index(id)].tensor;
  }
  Digest identity(ValueId id) const {
    return graph_[id].constant ? content_of(*graph_[id].constant) : values_[index(id)].identity;
  }

  // What a result depends on: the step, the overflow rule, and each input.
  Digest key_of(const HostStep& step) {
    parts_.assign({step.digest, {static_cast<std::uint64_t>(options_.overflow), 0}});
    for (const ValueId input : step.node.inputs)
      if (input != ir::kNoValue) parts_.push_back(identity(input));
    return combined(parts_);
  }

  Status pass(StepIndex s) {
    const HostStep& step = plan_.steps[s];
    keys_[s] = key_of(step);
    for (std::size_t i = 0; i < step.results.size(); ++i) {
      Value& value = values_[index(step.results[i])];
      value.producer = s;
      value.identity = combined(std::array{keys_[s], Digest{i, 0}});
    }
    if (!step.is_checkpoint) return Done{};
    if (const ResultMemo::EntryPtr known = memo_.find(keys_[s])) {
      note(s, known);
      if (known->holds_tensors()) has_read(step);
      return Done{};
    }
    KEEL_TRY_STATUS(bring(step.node.inputs));
    return compute(s);
  }

  // The step will not read its inputs again.
  void has_read(const HostStep& step) {
    for (const ValueId input : step.node.inputs) {
      if (input == ir::kNoValue || --readers_left_[index(input)] > 0) continue;
      values_[index(input)].tensor = nullptr;
      values_[index(input)].holder.reset();
    }
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
    note(s, step.is_checkpoint
                ? memo_.put(keys_[s], *std::move(results), seconds, options_.expects_reuse)
                : unknown(*std::move(results), seconds));
    has_read(step);
    return Done{};
  }

  // Results of a step that is no checkpoint.
  ResultMemo::EntryPtr unknown(std::vector<Tensor> results, double seconds) const {
    auto entry = std::make_shared<ResultMemo::Entry>();
    for (Tensor& result : results) entry->outputs.push_back({{}, std::move(result)});
    entry->seconds = seconds;
    return entry;
  }

  void note(StepIndex s, const ResultMemo::EntryPtr& known) {
    const HostStep& step = plan_.steps[s];
    for (std::size_t i = 0; i < step.results.size(); ++i) {
      const ValueId id = step.results[i];
      Value& value = values_[index(id)];
      value.seconds = known->seconds;
      if (step.is_checkpoint) value.identity = known->outputs[i].content;
      if (!known->holds_tensors() || readers_left_[index(id)] == 0) continue;
      value.tensor = &*known->outputs[i].tensor;
      value.holder = known;
    }
  }

  // Makes tensors at hand.
  Status bring(std::span<const ValueId> asked) {
    for (const StepIndex s : steps_to_run(asked)) {
      if (options_.stop.stop_requested()) return stopped(graph_, plan_.steps[s].id);
      KEEL_TRY_STATUS(compute(s));
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
