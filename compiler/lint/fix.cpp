#include "compiler/lint/fix.h"

#include <algorithm>
#include <optional>
#include <set>

#include "compiler/lint/decode.h"

namespace keel::lint {
namespace {

struct Line {
  int original = 0;  ///< its number in the original; 0: added
  std::string text;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back({static_cast<int>(lines.size()) + 1, std::string(line)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) text += line.text + "\n";
  return text;
}

/// The lines of a list on their way from what they were to what they should be.
class Lines {
 public:
  explicit Lines(std::string_view text) : lines_(lines_of(text)) {}

  std::string text() const { return text_of(lines_); }

  /// One edit a line: others may be about what is then no more there. True if anything changed.
  bool change_lines(const std::vector<Finding>& findings) {
    std::set<int> edited;
    for (const Finding& finding : findings) {
      if (!finding.edit || finding.line == 0 || finding.edit->action == Edit::Action::Recode ||
          finding.edit->action == Edit::Action::Append || !edited.insert(finding.line).second)
        continue;
      Line& line = lines_[static_cast<std::size_t>(finding.line) - 1];
      const bool removed = finding.edit->action == Edit::Action::Remove;
      changes.push_back({line.original, line.text, finding.edit->text, removed, finding.kind});
      line.text = removed ? std::string(kRemoved) : finding.edit->text;
    }
    std::erase_if(lines_, [](const Line& line) { return line.text == kRemoved; });
    return !edited.empty();
  }

  bool append_lines(const std::vector<Finding>& findings) {
    const std::size_t before = lines_.size();
    for (const Finding& finding : findings) {
      if (!finding.edit || finding.edit->action != Edit::Action::Append) continue;
      lines_.push_back({0, finding.edit->text});
      changes.push_back({0, "", finding.edit->text, false, finding.kind});
    }
    return lines_.size() > before;
  }

  std::vector<Change> changes;

 private:
  static constexpr std::string_view kRemoved = "\n";  // what no line can be

  std::vector<Line> lines_;
};

}  // namespace

std::string to_text(const Change& change) {
  const std::string code = " (" + std::string(info(change.kind).code) + ")";
  if (change.line == 0) return "added '" + change.after + "'" + code;
  const std::string line = "line " + std::to_string(change.line) + ": ";
  const bool recoded = change.before == change.after && !change.removed;
  if (recoded) return line + "written as UTF-8 without a mark" + code;
  return line + "'" + change.before +
         (change.removed ? "' removed" : "' became '" + change.after + "'") + code;
}

Result<FixedList> fix(
    std::string_view bytes,
    const std::function<Result<std::vector<Finding>>(std::string_view)>& findings_of) {
  KEEL_TRY(std::vector<Finding> findings, findings_of(bytes));
  Lines lines(decode(bytes).text);
  for (const Finding& finding : findings)
    if (finding.edit && finding.edit->action == Edit::Action::Recode)
      lines.changes.push_back({finding.line, "", "", false, finding.kind});
  int rounds = 0;
  while (rounds < kMostFixRounds &&
         (lines.change_lines(findings) || lines.append_lines(findings))) {
    KEEL_TRY(findings, findings_of(lines.text()));
    ++rounds;
  }
  const bool is_settled = std::ranges::none_of(findings, [](const Finding& finding) {
    return finding.edit && finding.edit->action != Edit::Action::Recode;
  });
  return FixedList{lines.text(), std::move(lines.changes), is_settled};
}

}  // namespace keel::lint
