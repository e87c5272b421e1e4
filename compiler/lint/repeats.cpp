#include <algorithm>
#include <map>
#include <set>

#include "compiler/lint/families.h"

namespace keel::lint {

std::vector<Finding> check_repeats(const ListSubject& subject) {
  const Edit remove{Edit::Action::Remove};
  // The vendor's compiler makes the other types of an operator in some cases only ("Add" of a
  // Gemm): a line of such a type does not do what the name does.
  std::map<ir::OriginId, const ascend::KeepEntry*> type_of_node;
  for (const ascend::KeepEntry& entry : subject.list.entries)
    if (entry.form == ascend::EntryForm::Type)
      for (const ir::OriginId id : entry.nodes)
        if (subject.model.table.primary_type(subject.model.graph[id].onnx_op) == type_of(entry))
          type_of_node.emplace(id, &entry);

  std::vector<Finding> findings;
  std::map<std::string_view, int> first_line;
  for (const ascend::KeepEntry& entry : subject.list.entries) {
    if (entry.nodes.empty()) continue;  // what matches nothing is reported as that
    const auto [first, is_first] = first_line.emplace(entry.text, entry.line);
    if (!is_first) {
      findings.push_back({FindingKind::DuplicateEntry, subject.file, entry.line,
                          "keep entry '" + entry.text + "' stands in line " +
                              std::to_string(first->second) + " already",
                          "delete the line", remove});
    } else if (entry.form == ascend::EntryForm::Name) {
      const auto type = type_of_node.find(entry.nodes.front());
      if (type == type_of_node.end()) continue;
      findings.push_back({FindingKind::CoveredByType, subject.file, entry.line,
                          "node '" + entry.text + "' is kept by '" + type->second->text +
                              "' in line " + std::to_string(type->second->line),
                          "delete the line, or the line of the type", remove});
    }
  }
  return findings;
}

}  // namespace keel::lint
