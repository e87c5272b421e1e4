#include <map>

#include "compiler/lint/families.h"

namespace keel::lint {
namespace {

constexpr const char* kFix =
    "compile a copy of the model with unique node names: keel tune writes it as named.onnx";

/// Lines that name a node whose name is not safe.
struct UnsafeLines {
  int count = 0;
  int first = 0;
  std::string entry;

  void add(const ascend::KeepEntry& named) {
    if (count++ > 0) return;
    first = named.line;
    entry = named.text;
  }
  std::string text() const {
    return (count == 1 ? "a line of the list names one"
                       : std::to_string(count) + " lines of the list name one, the first") +
           ": '" + entry + "' in line " + std::to_string(first);
  }
};

}  // namespace

std::vector<Finding> check_node_names(const Subject& subject) {
  const std::span<const ascend::FileNode> nodes = subject.list.model.file_nodes;
  std::map<std::string_view, int> given;
  std::size_t unnamed_nodes = 0;
  for (const ascend::FileNode& node : nodes) {
    if (node.name.empty()) {
      ++unnamed_nodes;
    } else {
      ++given[node.name];
    }
  }
  std::size_t repeated_names = 0;
  for (const auto& [name, count] : given) repeated_names += count > 1 ? 1 : 0;

  UnsafeLines unnamed, repeated;
  for (const ascend::KeepEntry& entry : subject.list.list.entries) {
    if (entry.form != ascend::EntryForm::Name || entry.nodes.empty()) continue;
    const std::string& name = nodes[index(entry.nodes.front())].name;
    if (name.empty()) {
      unnamed.add(entry);
    } else if (given[name] > 1) {
      repeated.add(entry);
    }
  }
  std::vector<Finding> findings;
  if (unnamed.count > 0)
    findings.push_back({FindingKind::UnnamedNodes, subject.model_file, 0,
                        std::to_string(unnamed_nodes) + " of " + std::to_string(nodes.size()) +
                            " nodes have no name in the file, and " + unnamed.text(),
                        kFix});
  if (repeated.count > 0)
    findings.push_back({FindingKind::DuplicateNodeNames, subject.model_file, 0,
                        std::to_string(repeated_names) +
                            (repeated_names == 1 ? " name is" : " names are") +
                            " given to several nodes, and " + repeated.text(),
                        kFix});
  return findings;
}

}  // namespace keel::lint
