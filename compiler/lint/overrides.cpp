#include <algorithm>
#include <map>

#include "compiler/lint/families.h"

namespace keel::lint {
namespace {

// `NAME::InputDtype:...` of a node, `OpType::TYPE:InputDtype:...` of a type: what stands before the
// dtypes. Names may hold colons.
std::string_view subject_of(std::string_view line) {
  const std::size_t dtypes = std::min(line.find(":InputDtype:"), line.find(":OutputDtype:"));
  if (dtypes == std::string_view::npos) return {};
  std::string_view subject = line.substr(0, dtypes);
  if (!subject.starts_with(ascend::kTypePrefix) && subject.ends_with(':')) subject.remove_suffix(1);
  return ascend::trimmed(subject);
}

}  // namespace

std::vector<Finding> check_overrides(const Subject& subject) {
  std::vector<Finding> findings;
  if (!subject.customize_dtypes) return findings;
  std::map<std::string, int, std::less<>> line_of;
  std::string_view text = subject.customize_dtypes->text;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::string_view named = subject_of(text.substr(0, end)); !named.empty())
      line_of.emplace(named, line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }

  const NamedModel& model = subject.list.model;
  for (const ascend::KeepEntry& entry : subject.list.list.entries) {
    if (entry.nodes.empty()) continue;
    auto found = line_of.find(entry.text);
    if (found == line_of.end() && entry.form == ascend::EntryForm::Name) {
      const std::string& onnx_op = model.graph[entry.nodes.front()].onnx_op;
      found = line_of.find(std::string(ascend::kTypePrefix) + model.table.primary_type(onnx_op));
    }
    if (found == line_of.end()) continue;
    findings.push_back({FindingKind::Overridden, subject.list.file, entry.line,
                        "keep entry '" + entry.text + "' is overridden by '" + found->first +
                            "' in " + subject.customize_dtypes->file + ":" +
                            std::to_string(found->second),
                        "delete one of the two lines", Edit{Edit::Action::Remove}});
  }
  return findings;
}

}  // namespace keel::lint
