#include "compiler/onnx/control_flow.h"

#include <algorithm>
#include <array>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/onnx/importers.h"

namespace keel::onnx_io {
namespace {

using Values = std::vector<ir::ValueId>;

constexpr std::int64_t kMostIterations = 4096;

Error depends_on_data(const NodeImport& node, const std::string& what) {
  return unsupported_form(node, "whose " + what + " depends on the data");
}

Error too_long(const NodeImport& node) {
  return unsupported_form(node, "of more than " + std::to_string(kMostIterations) + " iterations");
}

// The one element of `value`.
Result<std::int64_t> known_integer(NodeImport& node, ir::ValueId value, const std::string& what) {
  KEEL_TRY(const Tensor* content, node.known().content(value));
  if (content == nullptr) return depends_on_data(node, what);
  if (content->size() != 1)
    return invalid_node("the " + what + " has " + std::to_string(content->size()) +
                        " elements, not one");
  if (content->dtype() == DType::Bool) return content->as<std::uint8_t>()[0] != 0 ? 1 : 0;
  KEEL_TRY(const ir::Ints integers, ir::ints_of(*content));
  return integers[0];
}

ir::ValueId integers_of(NodeImport& node, const std::string& suffix, const ir::Ints& values) {
  return node.add_constant(suffix, make_i64({static_cast<std::int64_t>(values.size())}, values));
}

Tensor always() {
  Tensor content(DType::Bool, {});
  content.fill<std::uint8_t>()[0] = 1;
  return content;
}

// What the iterations gave, along a new axis.
ir::ValueId stacked(NodeImport& node, const Values& parts, std::int64_t axis) {
  const ir::ValueId axes = integers_of(node, "scan_axis", {axis});
  Values slices;
  for (const ir::ValueId part : parts)
    slices.push_back(node.add_partial(ir::Reshape{ir::ReshapeKind::Unsqueeze}, {part, axes}));
  if (slices.size() == 1) return slices[0];
  return node.add_partial(ir::Concat{axis}, slices);
}

// What the condition chooses of the results of both branches.
Result<Values> chosen(NodeImport& node, const Values& where_true, const Values& where_false) {
  if (where_true.size() != where_false.size())
    return invalid_node("the branches have " + std::to_string(where_true.size()) + " and " +
                        std::to_string(where_false.size()) + " outputs");
  Values values;
  for (std::size_t i = 0; i < where_true.size(); ++i)
    values.push_back(
        node.add_partial(ir::Choose{}, {node.inputs()[0], where_true[i], where_false[i]}));
  return values;
}

Result<Values> import_if(NodeImport& node, const SubgraphImport& import) {
  if (!node.has_input(0)) return invalid_node("the condition is absent");
  KEEL_TRY(const ::onnx::GraphProto* then_branch, node.attributes().graph("then_branch"));
  KEEL_TRY(const ::onnx::GraphProto* else_branch, node.attributes().graph("else_branch"));
  KEEL_TRY(const Tensor* condition, node.known().content(node.inputs()[0]));
  if (condition != nullptr) {
    KEEL_TRY(const std::int64_t taken, known_integer(node, node.inputs()[0], "condition"));
    return import(taken != 0 ? *then_branch : *else_branch, {});
  }
  KEEL_TRY(const Values where_true, import(*then_branch, {}));
  KEEL_TRY(const Values where_false, import(*else_branch, {}));
  return chosen(node, where_true, where_false);
}

Result<Values> import_loop(NodeImport& node, const SubgraphImport& import) {
  KEEL_TRY(const ::onnx::GraphProto* body, node.attributes().graph("body"));
  Values carried = node.inputs();
  carried.resize(std::max<std::size_t>(carried.size(), 2), ir::kNoValue);
  const ir::ValueId count = carried[0];
  ir::ValueId condition = carried[1];
  carried.erase(carried.begin(), carried.begin() + 2);
  std::int64_t trips = INT64_MAX;
  if (count != ir::kNoValue) {
    KEEL_TRY(trips, known_integer(node, count, "trip count"));
  }
  if (condition == ir::kNoValue) condition = node.add_constant("condition", always());

  std::vector<Values> scans;
  for (std::int64_t i = 0; i < trips; ++i) {
    KEEL_TRY(const std::int64_t goes_on, known_integer(node, condition, "condition"));
    if (goes_on == 0) break;
    if (i == kMostIterations) return too_long(node);
    Values inputs{node.add_constant("iteration", make_i64({}, std::array{i})), condition};
    inputs.insert(inputs.end(), carried.begin(), carried.end());
    KEEL_TRY(const Values outputs, import(*body, inputs));
    if (outputs.size() < 1 + carried.size())
      return invalid_node("the body has " + std::to_string(outputs.size()) +
                          " outputs, fewer than the condition and the " +
                          std::to_string(carried.size()) + " values the loop carries");
    condition = outputs[0];
    const auto first_scan = outputs.begin() + 1 + static_cast<std::ptrdiff_t>(carried.size());
    carried.assign(outputs.begin() + 1, first_scan);
    scans.resize(static_cast<std::size_t>(outputs.end() - first_scan));
    for (std::size_t k = 0; k < scans.size(); ++k)
      scans[k].push_back(first_scan[static_cast<std::ptrdiff_t>(k)]);
  }
  if (scans.empty() && node.output_count() > carried.size())
    return unsupported_form(node, "of no iterations with scan outputs");
  for (const Values& parts : scans) carried.push_back(stacked(node, parts, 0));
  return carried;
}

/// How a Scan walks one of its sequences.
struct Walk {
  std::int64_t axis = 0;
  bool backward = false;
};

Result<std::vector<Walk>> walks(NodeImport& node, std::string_view axes,
                                std::string_view directions, std::size_t count) {
  KEEL_TRY(const ir::Ints axis_of, node.attributes().integers(axes));
  KEEL_TRY(const ir::Ints direction_of, node.attributes().integers(directions));
  if ((!axis_of.empty() && axis_of.size() != count) ||
      (!direction_of.empty() && direction_of.size() != count))
    return invalid_node("attribute '" + std::string(axes) + "' or '" + std::string(directions) +
                        "' does not have " + std::to_string(count) + " values");
  std::vector<Walk> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!axis_of.empty()) result[i].axis = axis_of[i];
    if (!direction_of.empty()) result[i].backward = direction_of[i] != 0;
  }
  return result;
}

Result<std::int64_t> sequence_length(NodeImport& node, ir::ValueId sequence, const Walk& walk) {
  KEEL_TRY(const TensorType type, node.known().type(sequence));
  const auto rank = static_cast<std::int64_t>(type.shape.size());
  const std::int64_t axis = walk.axis < 0 ? walk.axis + rank : walk.axis;
  if (axis < 0 || axis >= rank)
    return invalid_node("scan axis " + std::to_string(walk.axis) + " is not one of " +
                        to_text(type.shape));
  return type.shape[static_cast<std::size_t>(axis)];
}

/// A Scan resolved: what it reads and writes step by step.
struct ScanPlan {
  const ::onnx::GraphProto* body = nullptr;
  Values inputs;           ///< states, then sequences
  std::size_t states = 0;  ///< how many of the inputs, and of the outputs, are states
  std::vector<Walk> reads, writes;
  std::int64_t length = 0;
};

// The steps that all sequences have.
Result<std::int64_t> common_length(NodeImport& node, const ScanPlan& plan) {
  KEEL_TRY(const std::int64_t length,
           sequence_length(node, plan.inputs[plan.states], plan.reads[0]));
  for (std::size_t k = 1; k < plan.reads.size(); ++k) {
    KEEL_TRY(const std::int64_t other,
             sequence_length(node, plan.inputs[plan.states + k], plan.reads[k]));
    if (other != length)
      return invalid_node("sequences of " + std::to_string(length) + " and " +
                          std::to_string(other) + " steps are scanned together");
  }
  if (length > kMostIterations) return too_long(node);
  if (length == 0) return unsupported_form(node, "of no steps");
  return length;
}

Result<ScanPlan> plan_scan(NodeImport& node) {
  if (node.opset() < 9) return unsupported_form(node, "of opset 8");
  ScanPlan plan;
  plan.inputs = node.inputs();
  KEEL_TRY(plan.body, node.attributes().graph("body"));
  KEEL_TRY(const std::int64_t given, node.attributes().required_integer("num_scan_inputs"));
  if (given < 1 || static_cast<std::size_t>(given) > plan.inputs.size())
    return invalid_node("attribute 'num_scan_inputs' is " + std::to_string(given) +
                        ", the node has " + std::to_string(plan.inputs.size()) + " inputs");
  const auto sequences = static_cast<std::size_t>(given);
  plan.states = plan.inputs.size() - sequences;
  if (node.output_count() < plan.states)
    return invalid_node("the node has fewer outputs than its " + std::to_string(plan.states) +
                        " states");
  KEEL_TRY(plan.reads, walks(node, "scan_input_axes", "scan_input_directions", sequences));
  KEEL_TRY(plan.writes, walks(node, "scan_output_axes", "scan_output_directions",
                              node.output_count() - plan.states));
  KEEL_TRY(plan.length, common_length(node, plan));
  return plan;
}

// What the sequences hold at `step`.
Values slices_at(NodeImport& node, const ScanPlan& plan, std::int64_t step) {
  Values slices;
  for (std::size_t k = 0; k < plan.reads.size(); ++k) {
    const std::int64_t at = plan.reads[k].backward ? plan.length - 1 - step : step;
    const ir::ValueId index = node.add_constant("step", make_i64({}, std::array{at}));
    slices.push_back(
        node.add_partial(ir::Gather{plan.reads[k].axis}, {plan.inputs[plan.states + k], index}));
  }
  return slices;
}

Result<Values> import_scan(NodeImport& node, const SubgraphImport& import) {
  KEEL_TRY(const ScanPlan plan, plan_scan(node));
  const auto states = static_cast<std::ptrdiff_t>(plan.states);
  Values carried(plan.inputs.begin(), plan.inputs.begin() + states);
  std::vector<Values> scans(plan.writes.size());
  for (std::int64_t step = 0; step < plan.length; ++step) {
    Values operands = carried;
    const Values slices = slices_at(node, plan, step);
    operands.insert(operands.end(), slices.begin(), slices.end());
    KEEL_TRY(const Values outputs, import(*plan.body, operands));
    if (outputs.size() != plan.states + scans.size())
      return invalid_node("the body has " + std::to_string(outputs.size()) + " outputs, not " +
                          std::to_string(plan.states + scans.size()));
    carried.assign(outputs.begin(), outputs.begin() + states);
    for (std::size_t k = 0; k < scans.size(); ++k)
      scans[k].insert(plan.writes[k].backward ? scans[k].begin() : scans[k].end(),
                      outputs[plan.states + k]);
  }
  for (std::size_t k = 0; k < scans.size(); ++k)
    carried.push_back(stacked(node, scans[k], plan.writes[k].axis));
  return carried;
}

}  // namespace

ControlFlowFunction control_flow_of(std::string_view onnx_op) {
  if (onnx_op == "If") return import_if;
  if (onnx_op == "Loop") return import_loop;
  if (onnx_op == "Scan") return import_scan;
  return nullptr;
}

}  // namespace keel::onnx_io
