#include <algorithm>
#include <array>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/onnx/importers.h"
#include "compiler/onnx/iterations.h"

namespace keel::onnx_io {
namespace {

Tensor always() {
  Tensor content(DType::Bool, {});
  content.fill<std::uint8_t>()[0] = 1;
  return content;
}

// The one element of `value`, empty where the data decides.
Result<std::optional<std::int64_t>> known_integer(NodeImport& node, ir::ValueId value) {
  KEEL_TRY(const Tensor* content, node.known().content(value));
  if (content == nullptr) return std::optional<std::int64_t>();
  if (content->size() != 1)
    return invalid_node("the trip count has " + std::to_string(content->size()) +
                        " elements, not one");
  KEEL_TRY(const ir::Ints integers, ir::ints_of(*content));
  return std::optional(integers[0]);
}

class LoopImport {
 public:
  LoopImport(NodeImport& node, const SubgraphImport& import) : node_(node), import_(import) {}

  Result<Values> run() && {
    KEEL_TRY_STATUS(read_node());
    for (std::int64_t i = 0; i < trips_; ++i) {
      KEEL_TRY(const bool goes_on, find_whether_it_goes_on(i));
      if (!goes_on) return results();
      if (decided_ && i >= node_.loop_iterations()) return results_of_open_end(i);
      if (i == kMostLoopIterations) return too_long(node_);
      KEEL_TRY_STATUS(iterate(i));
    }
    return results();
  }

 private:
  /// What there was when the data first decided whether the loop goes on.
  struct FirstDecided {
    std::int64_t iteration = 0;
    Values carried;
  };

  Status read_node() {
    KEEL_TRY(body_, node_.attributes().graph("body"));
    carried_ = node_.inputs();
    carried_.resize(std::max<std::size_t>(carried_.size(), 2), ir::kNoValue);
    if (carried_[0] != ir::kNoValue) {
      KEEL_TRY(const std::optional<std::int64_t> trips, known_integer(node_, carried_[0]));
      if (trips) trips_ = *trips;
      if (!trips) trip_count_ = carried_[0];
    }
    condition_ = carried_[1];
    carried_.erase(carried_.begin(), carried_.begin() + 2);
    always_ = node_.add_constant("condition", always());
    return Done{};
  }

  ir::ValueId number(std::int64_t value) {
    return node_.add_constant("iteration", make_i64({}, std::array{value}));
  }

  // Whether iteration `i` may be; going_ then says whether it is, where the data decides.
  Result<bool> find_whether_it_goes_on(std::int64_t i) {
    Values all;
    if (decided_) all.push_back(going_);
    if (condition_ != ir::kNoValue) {
      KEEL_TRY(const std::optional<bool> known, known_condition(node_, condition_));
      if (known && !*known) return false;
      if (!known) all.push_back(condition_);
    }
    if (trip_count_ != ir::kNoValue)
      all.push_back(node_.add_partial(ir::Binary{ir::BinaryKind::Less}, {number(i), trip_count_}));
    if (all.empty()) return true;
    going_ = all[0];
    for (std::size_t k = 1; k < all.size(); ++k)
      going_ = node_.add_partial(ir::Binary{ir::BinaryKind::And}, {going_, all[k]});
    if (!decided_) {
      decided_ = FirstDecided{i, carried_};
      ran_ = number(i);
    }
    return true;
  }

  // `value` where the iteration is to be, else `otherwise`.
  ir::ValueId if_going(ir::ValueId value, ir::ValueId otherwise) {
    return node_.add_partial(ir::Choose{}, {going_, value, otherwise});
  }

  // The number of the iteration, the condition, and what is carried into the body.
  Values body_inputs(std::int64_t i) {
    Values inputs{number(i), always_};
    inputs.insert(inputs.end(), carried_.begin(), carried_.end());
    if (!decided_ || decided_->iteration == i) return inputs;
    inputs[0] = if_going(inputs[0], number(decided_->iteration));
    for (std::size_t k = 0; k < carried_.size(); ++k)
      inputs[2 + k] = if_going(carried_[k], decided_->carried[k]);
    return inputs;
  }

  Status iterate(std::int64_t i) {
    KEEL_TRY(const Values outputs, import_(*body_, body_inputs(i)));
    if (outputs.size() < 1 + carried_.size())
      return invalid_node("the body has " + std::to_string(outputs.size()) +
                          " outputs, fewer than the condition and the " +
                          std::to_string(carried_.size()) + " values the loop carries");
    condition_ = outputs[0];
    for (std::size_t k = 0; k < carried_.size(); ++k)
      carried_[k] = decided_ ? if_going(outputs[1 + k], carried_[k]) : outputs[1 + k];
    const std::size_t first_scan = 1 + carried_.size();
    scans_.resize(outputs.size() - first_scan);
    for (std::size_t k = 0; k < scans_.size(); ++k) scans_[k].push_back(outputs[first_scan + k]);
    if (decided_) {
      const ir::ValueId one = node_.add_partial(ir::Cast{DType::I64}, {going_});
      ran_ = node_.add_partial(ir::Binary{ir::BinaryKind::Add}, {ran_, one});
    }
    return Done{};
  }

  Result<Values> results() {
    Values results = carried_;
    if (scans_.empty() && node_.output_count() > carried_.size()) {
      // No iteration: the body says what the slices would be.
      KEEL_TRY_STATUS(iterate(0));
      ran_ = number(0);
    }
    for (const Values& parts : scans_) {
      const ir::ValueId all = stacked(node_, parts, 0);
      results.push_back(ran_ != ir::kNoValue ? first_slices(all) : all);
    }
    return results;
  }

  // Of iteration `i`, which is not in the graph, none may be left to do.
  Result<Values> results_of_open_end(std::int64_t i) {
    KEEL_TRY(Values values, results());
    for (ir::ValueId& value : values) value = node_.add_partial(ir::LoopEnd{i}, {going_, value});
    return values;
  }

  // Of a scan output, the slices of the iterations that were.
  ir::ValueId first_slices(ir::ValueId all) {
    const ir::ValueId line =
        node_.add_constant("line", make_i64({1}, std::array<std::int64_t, 1>{1}));
    const ir::ValueId zero =
        node_.add_constant("zero", make_i64({1}, std::array<std::int64_t, 1>{0}));
    const ir::ValueId end = node_.add_partial(ir::Reshape{}, {ran_, line});
    return node_.add_partial(ir::Slice{}, {all, zero, end, zero});
  }

  NodeImport& node_;
  const SubgraphImport& import_;
  const ::onnx::GraphProto* body_ = nullptr;
  std::int64_t trips_ = INT64_MAX;         ///< where known
  ir::ValueId trip_count_ = ir::kNoValue;  ///< where the data says it
  ir::ValueId condition_ = ir::kNoValue;   ///< what was said last; absent: it goes on
  ir::ValueId always_ = ir::kNoValue;
  Values carried_;
  std::vector<Values> scans_;  ///< of each scan output, one of each iteration
  std::optional<FirstDecided> decided_;
  ir::ValueId going_ = ir::kNoValue;  ///< where the data decides
  ir::ValueId ran_ = ir::kNoValue;    ///< how many iterations, if not all that are in the graph
};

}  // namespace

Result<Values> import_loop(NodeImport& node, const SubgraphImport& import) {
  return LoopImport(node, import).run();
}

}  // namespace keel::onnx_io
