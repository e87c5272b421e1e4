#include "compiler/lint/families.h"
#include "compiler/lint/kept_units.h"

namespace keel::lint {

std::vector<Finding> check_overrides(const Subject& subject) {
  std::vector<Finding> findings;
  if (!subject.customize_dtypes) return findings;
  const KeptUnits kept(subject);
  for (const ascend::KeepEntry& entry : subject.list.list.entries) {
    const ascend::CustomLine* found = kept.overriding(entry);
    if (found == nullptr) continue;
    const ascend::CustomLine& line = *found;
    findings.push_back({FindingKind::Overridden, subject.list.file, entry.line,
                        "keep entry '" + entry.text + "' is overridden by '" +
                            (line.by_type ? std::string(ascend::kTypePrefix) : "") + line.name +
                            "' in " + subject.customize_dtypes->file + ":" +
                            std::to_string(line.line),
                        "delete one of the two lines", Edit{Edit::Action::Remove}});
  }
  return findings;
}

}  // namespace keel::lint
