#include "tuner/study/mark.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "compiler/base/file.h"

namespace keel::study {
namespace {

std::string to_file(const Mark& mark) {
  return "keel study mark 1\ntrials " + std::to_string(mark.trials) + "\nchain " +
         to_text(mark.chain) + "\n";
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  return text.substr(0, text.find(after));
}

std::optional<Mark> parse(std::string_view text) {
  const std::string_view chain = between(text, "\nchain ", "\n");
  const auto trials = number(between(text, "\ntrials ", "\n"), 10);
  const auto high = number(chain.substr(0, 16), 16);
  const auto low = number(chain.substr(std::min<std::size_t>(16, chain.size())), 16);
  if (!trials || !high || !low) return std::nullopt;
  const Mark mark{*trials, {*high, *low}};
  // One spelling for each mark: whatever parses but is spelled otherwise was not written by keel.
  return to_file(mark) == text ? std::optional(mark) : std::nullopt;
}

}  // namespace

Result<std::optional<Mark>> read_mark(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code) && !code) return std::optional<Mark>();
  KEEL_TRY(const std::string text, read_file(path));
  const std::optional<Mark> mark = parse(text);
  if (!mark)
    return Error{ErrorCode::StudyCorrupt, "the study's mark is damaged", path.string(),
                 "restore the folder from a copy, or choose another output folder"};
  return mark;
}

Status write_mark(const std::filesystem::path& path, const Mark& mark) {
  return write_file(path, to_file(mark));
}

}  // namespace keel::study
