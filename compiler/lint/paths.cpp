#include "compiler/lint/families.h"

namespace keel::lint {
namespace {

// U+4E00 to U+9FA5: the range the vendor's compiler calls Chinese.
bool is_chinese(char32_t point) { return point >= 0x4E00 && point <= 0x9FA5; }

bool is_plain(char32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
         (point >= '0' && point <= '9') ||
         (point < 0x80 &&
          std::string_view("_-./").find(static_cast<char>(point)) != std::string_view::npos);
}

// The first character that is refused, colons aside; empty without one.
std::string first_refused(std::string_view path) {
  while (!path.empty()) {
    const CodePoint point = first_code_point(path);
    if (point.bytes == 0) return "a byte that is not UTF-8";
    if (!is_plain(point.value) && !is_chinese(point.value) && point.value != ':')
      return "'" + std::string(path.substr(0, point.bytes)) + "'";
    path.remove_prefix(point.bytes);
  }
  return {};
}

void check_path(const std::string& path, const std::string& what, const std::string& option,
                std::vector<Finding>& findings) {
  if (const std::string refused = first_refused(path); !refused.empty())
    findings.push_back({FindingKind::PathCharacter, path, 0,
                        "the path of the " + what + " holds " + refused +
                            ", which the vendor compiler refuses (E10001)",
                        "give " + option +
                            " a path of letters, digits, '_', '-', '.', '/' and Chinese "
                            "characters"});
  if (path.find(':') != std::string::npos)
    findings.push_back({FindingKind::PathColon, path, 0,
                        "the path of the " + what + " holds ':', which atc refuses",
                        "give " + option + " a path without ':'"});
}

}  // namespace

std::vector<Finding> check_paths(const Subject& subject) {
  std::vector<Finding> findings;
  check_path(subject.list.file, "keep list", "--keep_dtype", findings);
  check_path(subject.model_file, "model", "--model", findings);
  return findings;
}

}  // namespace keel::lint
