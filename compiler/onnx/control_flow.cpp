#include "compiler/onnx/control_flow.h"

#include <string>

#include "compiler/onnx/importers.h"
#include "compiler/onnx/iterations.h"

namespace keel::onnx_io {
namespace {

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
  KEEL_TRY(const std::optional<bool> taken, known_condition(node, node.inputs()[0]));
  if (taken) return import(*taken ? *then_branch : *else_branch, {});
  KEEL_TRY(const Values where_true, import(*then_branch, {}));
  KEEL_TRY(const Values where_false, import(*else_branch, {}));
  return chosen(node, where_true, where_false);
}

}  // namespace

ControlFlowFunction control_flow_of(std::string_view onnx_op) {
  if (onnx_op == "If") return import_if;
  if (onnx_op == "Loop") return import_loop;
  if (onnx_op == "Scan") return import_scan;
  return nullptr;
}

}  // namespace keel::onnx_io
