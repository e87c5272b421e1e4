#include <algorithm>
#include <map>

#include "compiler/lint/families.h"

namespace keel::lint {
namespace {

constexpr std::int64_t kFirstOpset = 8;
constexpr std::int64_t kLastOpset = 18;

}  // namespace

std::vector<Finding> check_parsers(const Subject& subject) {
  std::vector<Finding> findings;
  if (subject.opset > kLastOpset)
    findings.push_back({FindingKind::OpsetTooNew, subject.model_file, 0,
                        "the model is of opset " + std::to_string(subject.opset) +
                            "; the vendor's parser knows " + std::to_string(kFirstOpset) + " to " +
                            std::to_string(kLastOpset),
                        "export the model again with opset " + std::to_string(kLastOpset)});
  const NamedModel& model = subject.list.model;
  std::map<std::string_view, std::vector<std::string_view>> nodes_of;
  for (const ir::Origin& origin : model.graph.origins())
    if (!model.table.has_parser(origin.onnx_op)) nodes_of[origin.onnx_op].push_back(origin.name);
  for (const auto& [onnx_op, nodes] : nodes_of)
    findings.push_back(
        {FindingKind::NoParser, subject.model_file, 0,
         "the vendor compiler has no parser for " + std::string(onnx_op) + ": " +
             (nodes.size() == 1 ? "node" : std::to_string(nodes.size()) + " nodes, the first") +
             " '" + std::string(nodes.front()) + "'",
         "export the model again without " + std::string(onnx_op)});
  return findings;
}

}  // namespace keel::lint
