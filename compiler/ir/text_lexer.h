#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace keel::ir {

/// A name as the text form writes it: bare where possible, else quoted.
std::string quoted_name(std::string_view name);

/// `text` in double quotes; quotes, backslashes and control characters escaped.
std::string quoted(std::string_view text);

/// Reads one line of the text form from left to right. Spaces before a token are skipped.
class LineLexer {
 public:
  explicit LineLexer(std::string_view line) : rest_(line) {}

  bool at_end();
  /// Skips `token` if the line goes on with it.
  bool skip(std::string_view token);
  /// \error InvalidModel  the line goes on with something else
  Status expect(std::string_view token);
  bool at_quote();

  /// A bare or quoted name.
  Result<std::string> name();
  /// Characters up to the next space, comma, equals sign or bracket.
  std::string_view word();
  /// An attribute value: characters up to the next space outside brackets; spaces in them dropped.
  std::string attribute_value();
  /// Everything up to `end`, which is skipped; nothing where the line has no `end`.
  std::optional<std::string_view> until(char end);

  /// "expected WHAT, found REST".
  Error expected(std::string_view what);

 private:
  void skip_spaces();
  Result<std::string> quoted_text();

  std::string_view rest_;
};

}  // namespace keel::ir
