#include <array>
#include <string>

#include "compiler/onnx/importers.h"
#include "compiler/onnx/iterations.h"

namespace keel::onnx_io {
namespace {

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
  if (length > kMostLoopIterations) return too_long(node);
  if (length == 0) return unsupported_form(node, "of no steps");
  return length;
}

// Of opset 8 there is an input before, and every value has a batch axis.
bool has_batches(const NodeImport& node) { return node.opset() < 9; }

Result<ScanPlan> plan_scan(NodeImport& node) {
  ScanPlan plan;
  plan.inputs = node.inputs();
  if (has_batches(node)) {
    if (node.has_input(0)) return unsupported_form(node, "with lengths of the sequences");
    if (!plan.inputs.empty()) plan.inputs.erase(plan.inputs.begin());
  }
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
  const std::string_view directions = has_batches(node) ? "directions" : "scan_input_directions";
  KEEL_TRY(plan.reads, walks(node, "scan_input_axes", directions, sequences));
  KEEL_TRY(plan.writes, walks(node, "scan_output_axes", "scan_output_directions",
                              node.output_count() - plan.states));
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

// What a Scan gives, step by step.
Result<Values> scanned(NodeImport& node, const SubgraphImport& import, ScanPlan plan) {
  KEEL_TRY(plan.length, common_length(node, plan));
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

// The elements of a batch one after another.
Result<Values> scanned_batch(NodeImport& node, const SubgraphImport& import, const ScanPlan& plan) {
  KEEL_TRY(const std::int64_t batch, sequence_length(node, plan.inputs[0], {}));
  if (batch == 0) return unsupported_form(node, "of an empty batch");
  for (const ir::ValueId input : plan.inputs) {
    KEEL_TRY(const std::int64_t other, sequence_length(node, input, {}));
    if (other != batch)
      return invalid_node("batches of " + std::to_string(batch) + " and " + std::to_string(other) +
                          " are scanned together");
  }
  std::vector<Values> parts(node.output_count());
  for (std::int64_t b = 0; b < batch; ++b) {
    const ir::ValueId index = node.add_constant("element", make_i64({}, std::array{b}));
    ScanPlan element = plan;
    for (ir::ValueId& input : element.inputs)
      input = node.add_partial(ir::Gather{0}, {input, index});
    KEEL_TRY(const Values outputs, scanned(node, import, std::move(element)));
    for (std::size_t k = 0; k < parts.size(); ++k) parts[k].push_back(outputs[k]);
  }
  Values results;
  for (const Values& part : parts) results.push_back(stacked(node, part, 0));
  return results;
}

}  // namespace

Result<Values> import_scan(NodeImport& node, const SubgraphImport& import) {
  KEEL_TRY(ScanPlan plan, plan_scan(node));
  if (has_batches(node)) return scanned_batch(node, import, plan);
  return scanned(node, import, std::move(plan));
}

}  // namespace keel::onnx_io
