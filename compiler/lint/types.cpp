#include <algorithm>

#include "compiler/lint/families.h"
#include "compiler/lint/name_index.h"
#include "compiler/lint/prefix.h"

namespace keel::lint {
namespace {

bool is_pascal_case(std::string_view type) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return !type.empty() && is_capital(type.front()) && std::ranges::all_of(type, [&](char c) {
    return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

std::string type_entry(const std::string& type) { return std::string(ascend::kTypePrefix) + type; }

std::string listed(const std::vector<std::string>& types) {
  std::string text;
  for (const std::string& type : types)
    text += (text.empty() ? "'" : " or '") + type_entry(type) + "'";
  return text;
}

// The one known type that differs in case only; empty if there is none or more.
std::string in_other_case(std::string_view type, const ascend::OpTable& table) {
  std::string found;
  for (const std::string& known : table.all_types()) {
    if (lowered(known) != lowered(type)) continue;
    if (!found.empty()) return {};
    found = known;
  }
  return found;
}

/// Explains one type entry that matches nothing, or that the vendor's compiler refuses.
class TypeLine {
 public:
  TypeLine(const ascend::KeepEntry& entry, const std::string& file, NameIndex& index,
           const ascend::OpTable& table)
      : entry_(entry), file_(file), index_(index), table_(table), type_(type_of(entry)) {}

  Finding explained() const {
    if (!is_pascal_case(type_)) return not_pascal_case();
    if (const std::string meant = index_.type_called(type_); !meant.empty())
      return finding(FindingKind::OnnxType, " names an operator of ONNX, not a type of the NPU",
                     "use '" + type_entry(meant) + "', the type of the model's " + type_, meant);
    if (!table_.is_ascend_type(type_) && table_.has_parser(type_)) {
      const std::string meant = table_.primary_type(type_);
      return finding(FindingKind::OnnxType,
                     " names an operator of ONNX, not a type of the NPU, and the model has none",
                     "delete the line; the type is '" + type_entry(meant) + "'", {});
    }
    if (!table_.is_ascend_type(type_)) return unknown();
    const std::string near = nearest();
    if (!table_.is_parsed_type(type_))
      return finding(FindingKind::TypeAfterFusion,
                     " names a type that exists only after fusion; the list is applied before",
                     "name the nodes it was fused from, or their types" +
                         (near.empty() ? near : ", such as" + near),
                     {});
    return finding(FindingKind::TypeNotInModel, " names no node of the model",
                   near.empty() ? "delete the line" : "delete the line, or use" + near, {});
  }

 private:
  // Without a replacement the entry is dead and may go.
  Finding finding(FindingKind kind, const std::string& why, std::string fix,
                  const std::string& replacement) const {
    return {kind,
            file_,
            entry_.line,
            "keep entry '" + entry_.text + "'" + why,
            std::move(fix),
            replacement.empty() ? Edit{Edit::Action::Remove}
                                : Edit{Edit::Action::Replace, type_entry(replacement)}};
  }

  Finding not_pascal_case() const {
    const std::string meant = in_other_case(type_, table_);
    const std::vector<std::string> near =
        meant.empty() ? index_.near_type(type_, true) : std::vector{meant};
    return finding(FindingKind::TypeNotPascalCase,
                   " has a type that is not PascalCase, which the vendor compiler refuses",
                   near.empty() ? "correct the type, or delete the line" : "use " + listed(near),
                   meant);
  }

  Finding unknown() const {
    const std::vector<std::string> near = index_.near_type(type_, true);
    const std::string meant = in_other_case(type_, table_);
    return finding(FindingKind::UnknownType, " names no known Ascend type",
                   near.empty() ? "correct the type, or delete the line"
                                : "use " + listed(near) + " (nearest type)",
                   meant);
  }

  // " 'OpType::X' (nearest type of the model)", or nothing.
  std::string nearest() const {
    const std::vector<std::string> near = index_.near_type(type_, false);
    return near.empty() ? "" : " " + listed(near) + " (nearest type of the model)";
  }

  const ascend::KeepEntry& entry_;
  const std::string& file_;
  NameIndex& index_;
  const ascend::OpTable& table_;
  std::string type_;
};

}  // namespace

std::vector<Finding> check_types(const ListSubject& subject) {
  std::vector<Finding> findings;
  std::optional<NameIndex> index;
  for (const ascend::KeepEntry& entry : subject.list.entries) {
    if (entry.form != ascend::EntryForm::Type) continue;
    if (!entry.nodes.empty() && is_pascal_case(type_of(entry))) continue;
    if (!index) index.emplace(subject.model);
    findings.push_back(TypeLine(entry, subject.file, *index, subject.model.table).explained());
  }
  return findings;
}

}  // namespace keel::lint
