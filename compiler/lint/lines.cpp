#include "compiler/lint/families.h"
#include "compiler/lint/prefix.h"

namespace keel::lint {
namespace {

std::optional<Finding> check_line(const ascend::KeepEntry& entry, const std::string& file) {
  const Edit remove{Edit::Action::Remove};
  switch (entry.form) {
    case ascend::EntryForm::Blank:
      return Finding{FindingKind::BlankLine,
                     file,
                     entry.line,
                     "the vendor compiler takes a line of blanks for a node with an empty name",
                     "delete the blanks",
                     remove};
    case ascend::EntryForm::Comment:
      return Finding{FindingKind::Comment,
                     file,
                     entry.line,
                     "the vendor compiler takes '" + entry.text + "' for a node name",
                     "delete the line: a keep list has no comments",
                     remove};
    case ascend::EntryForm::IndentedType:
      return Finding{FindingKind::IndentedType,
                     file,
                     entry.line,
                     "keep entry '" + entry.text +
                         "' is indented: the vendor compiler takes it for a node name",
                     "delete the blanks before 'OpType::'",
                     Edit{Edit::Action::Replace, entry.text}};
    case ascend::EntryForm::Name:
      if (const std::optional<std::string> type = misspelled_type(entry))
        return Finding{FindingKind::MisspelledPrefix,
                       file,
                       entry.line,
                       "keep entry '" + entry.text +
                           "' does not start with 'OpType::': the vendor compiler takes it for a "
                           "node name",
                       "use 'OpType::" + *type + "'",
                       Edit{Edit::Action::Replace, std::string(ascend::kTypePrefix) + *type}};
      break;
    case ascend::EntryForm::Type:
      break;
  }
  if (entry.raw == entry.text) return std::nullopt;
  return Finding{FindingKind::SurroundingBlanks,
                 file,
                 entry.line,
                 "blanks around '" + entry.text + "' are trimmed",
                 "delete the blanks",
                 Edit{Edit::Action::Replace, entry.text}};
}

}  // namespace

std::vector<Finding> check_lines(const ListSubject& subject) {
  std::vector<Finding> findings;
  for (const ascend::KeepEntry& entry : subject.list.entries)
    if (std::optional<Finding> found = check_line(entry, subject.file))
      findings.push_back(*std::move(found));
  return findings;
}

}  // namespace keel::lint
