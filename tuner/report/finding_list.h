#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/lint/finding.h"

namespace keel::report {

/// What `keel check` says of one keep list.
struct FindingList {
  std::string file;  ///< the list
  std::vector<lint::Finding> findings;
  std::size_t entries = 0;  ///< lines that are not empty
  std::size_t kept_nodes = 0, nodes = 0;
  std::string compiled_for;  ///< "force_fp16 on Ascend910B3"

  std::size_t count(lint::Severity severity) const;
};

/// "keep.cfg:3: warning: WHAT [code]" and below it the fix, for each finding.
std::string findings_text(const FindingList& list);
/// Header line, then one line a finding; RFC 4180 quoting.
std::string findings_csv(const FindingList& list);
/// {"findings": [...], "summary": {...}}.
std::string findings_json(const FindingList& list);

/// "keep.cfg: 1 error, 2 warnings, 0 notes; 5 entries keep 3 of 12 nodes (MODE on SOC)".
std::string findings_summary(const FindingList& list);

/// What `keel check --explain` prints of a kind.
std::string explanation(const lint::FindingInfo& info);

}  // namespace keel::report
