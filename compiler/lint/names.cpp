#include <algorithm>

#include "compiler/lint/families.h"
#include "compiler/lint/name_index.h"
#include "compiler/lint/prefix.h"

namespace keel::lint {
namespace {

constexpr std::size_t kNamesShown = 3;  // more do not help to choose one

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  if (names.size() > kNamesShown)
    text += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return text;
}

std::string type_entry(const std::string& type) {
  return "'" + std::string(ascend::kTypePrefix) + type + "'";
}

/// Explains one entry that matches nothing.
class UnmatchedName {
 public:
  UnmatchedName(const ascend::KeepEntry& entry, const std::string& file, NameIndex& index,
                const ascend::OpTable& table)
      : entry_(entry), file_(file), index_(index), table_(table) {}

  Finding explained() const {
    const std::string& name = entry_.text;
    if (const std::string type = index_.type_called(name); !type.empty())
      return finding(FindingKind::MissingPrefix, ": it is the type of operators",
                     "use " + type_entry(type) + " for every " + type,
                     std::string(ascend::kTypePrefix) + type);
    if (const auto same = index_.in_other_case(name); !same.empty())
      return renamed(FindingKind::WrongCase, ": the model has it in other case", same);
    if (const std::optional<NamedTensor> tensor = index_.tensor(name)) return of(*tensor);
    if (name.find_first_of("*?") != std::string::npos)
      return finding(FindingKind::Wildcard, ": a keep list has no wildcards",
                     "name each node on a line of its own, or use 'OpType::Type'", {});
    if (const auto same = index_.with_other_separators(name); !same.empty())
      return renamed(FindingKind::WrongSeparators, ": the model has it with other separators",
                     same);
    if (const auto longer = index_.longer_than(name); !longer.empty())
      return renamed(FindingKind::PartialName,
                     ": the model has it only with something after it, in " +
                         std::to_string(longer.size()) + (longer.size() == 1 ? " name" : " names"),
                     longer);
    return unknown();
  }

 private:
  // Without a replacement the entry is dead and may go.
  Finding finding(FindingKind kind, const std::string& why, std::string fix,
                  std::optional<std::string> replacement) const {
    return {kind,
            file_,
            entry_.line,
            "keep entry '" + entry_.text + "' names no node of the model" + why,
            std::move(fix),
            replacement ? Edit{Edit::Action::Replace, *std::move(replacement)}
                        : Edit{Edit::Action::Remove}};
  }

  Finding renamed(FindingKind kind, const std::string& why,
                  const std::vector<std::string>& names) const {
    return finding(kind, why, "use " + listed(names),
                   names.size() == 1 ? std::optional(names.front()) : std::nullopt);
  }

  Finding of(const NamedTensor& tensor) const {
    if (tensor.node.empty())
      return finding(FindingKind::TensorName, ": it is the name of a tensor, " + tensor.origin,
                     "delete the line, or name the nodes that read the tensor", {});
    return finding(FindingKind::TensorName,
                   ": it is the name of a tensor, which '" + tensor.node + "' computes",
                   "use '" + tensor.node + "'", tensor.node);
  }

  Finding unknown() const {
    const std::vector<std::string> near = index_.near(entry_.text);
    if (near.empty())
      return finding(FindingKind::UnknownName, "", "correct the name, or delete the line", {});
    const std::string type = table_.primary_type(index_.onnx_op(near.front()));
    std::string fix = "use '" + near.front() + "'";
    if (near.size() > 1) fix += " or '" + near.back() + "'";
    return finding(FindingKind::UnknownName, "",
                   fix + (near.size() > 1 ? " (nearest names)" : " (nearest name)") + ", or " +
                       type_entry(type) + " for every " + type,
                   {});
  }

  const ascend::KeepEntry& entry_;
  const std::string& file_;
  NameIndex& index_;
  const ascend::OpTable& table_;
};

std::optional<Finding> nested(const ascend::KeepEntry& entry, const ListSubject& subject) {
  const auto inside = [&](ir::OriginId id) {
    return index(id) < subject.model.file_nodes.size() ? subject.model.file_nodes[index(id)].inside
                                                       : std::nullopt;
  };
  if (!std::ranges::all_of(entry.nodes, [&](ir::OriginId id) { return inside(id).has_value(); }))
    return std::nullopt;
  const ir::Origin& outer = subject.model.graph.origins()[*inside(entry.nodes.front())];
  return Finding{FindingKind::NestedNode, subject.file, entry.line,
                 "node '" + entry.text + "' is in the subgraph of '" + outer.name + "' (" +
                     outer.onnx_op + "), where the vendor compiler may not look for names",
                 "look for the name in the compiled model, or unroll the subgraph before export"};
}

}  // namespace

std::vector<Finding> check_names(const ListSubject& subject) {
  std::vector<Finding> findings;
  std::optional<NameIndex> index;  // only where it is needed: it holds every name of the model
  for (const ascend::KeepEntry& entry : subject.list.entries) {
    if (entry.form != ascend::EntryForm::Name || misspelled_type(entry)) continue;
    if (entry.text.find('\0') != std::string::npos) continue;  // that is its fault
    if (entry.nodes.empty()) {
      if (!index) index.emplace(subject.model);
      findings.push_back(
          UnmatchedName(entry, subject.file, *index, subject.model.table).explained());
    } else if (std::optional<Finding> found = nested(entry, subject)) {
      findings.push_back(*std::move(found));
    }
  }
  return findings;
}

}  // namespace keel::lint
