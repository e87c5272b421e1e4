#include "compiler/lint/finding.h"

#include <algorithm>
#include <vector>

#include "compiler/base/nearest.h"

namespace keel::lint {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      return "note";
  }
  KEEL_CHECK(false);
  return {};
}

const FindingInfo& info(FindingKind kind) {
  const FindingInfo& found = finding_table()[static_cast<std::size_t>(kind)];
  KEEL_CHECK(found.kind == kind);
  return found;
}

Result<FindingInfo> finding_with_code(std::string_view code) {
  std::vector<std::string> codes;
  std::string all;
  for (const FindingInfo& info : finding_table()) {
    if (info.code == code) return info;
    codes.emplace_back(info.code);
    all += (all.empty() ? "" : ", ") + codes.back();
  }
  const std::vector<std::string> near = nearest(code, codes, 1);
  return Error{
      ErrorCode::InvalidConfig, "there is no finding '" + std::string(code) + "'", "--explain",
      (near.empty() ? "" : "use '" + near.front() + "' (nearest code), or ") + "one of " + all};
}

std::string where(const Finding& finding) {
  return finding.line == 0 ? finding.file : finding.file + ":" + std::to_string(finding.line);
}

Error to_error(const Finding& finding) {
  return {ErrorCode::InvalidConfig, finding.what, where(finding), finding.fix};
}

}  // namespace keel::lint
