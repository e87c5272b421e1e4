#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lint/finding.h"

namespace keel::lint {

/// A line that was changed, in the numbering of the original.
struct Change {
  int line = 0;  ///< 0: added at the end
  std::string before, after;
  bool removed = false;
  FindingKind kind = FindingKind::Comment;
};

/// "line 3: 'Head/FC' became 'head/fc' (wrong-case)".
std::string to_text(const Change& change);

struct FixedList {
  std::string text;  ///< UTF-8, one entry a line
  std::vector<Change> changes;
  /// False: corrections were still to be made after kMostFixRounds, which undo one another.
  bool is_settled = true;
};

/// Far more than a list needs: a line is recoded, respelled and found to stand there twice, and
/// what it then leaves between kept operators is added.
inline constexpr int kMostFixRounds = 50;

/// Applies every edit of the findings, checks what came out, and so on until no finding has an
/// edit, at most kMostFixRounds times: a corrected name may turn out to stand there twice. Lines
/// are added last, when it is known what the list keeps. \param findings_of  the findings of a
/// list, by its bytes \error what findings_of gives
Result<FixedList> fix(
    std::string_view bytes,
    const std::function<Result<std::vector<Finding>>(std::string_view)>& findings_of);

}  // namespace keel::lint
