#include "compiler/lint/check.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "compiler/lint/families.h"

namespace keel::lint {
namespace {

constexpr std::array kOfTheList = {check_encoding, check_lines, check_names, check_types};

// What stands on no line comes in this order.
constexpr std::array kOfTheModel = {check_overrides,  check_effect,   check_layout,
                                    check_whole,      check_paths,    check_parsers,
                                    check_node_names, check_constants};

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  std::ranges::move(more, std::back_inserter(findings));
}

// Names come from files: what a terminal would obey, a message end at, or JSON not hold, is spelled
// out.
std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const std::size_t bytes = std::max<std::size_t>(point.bytes, 1);
    if (point.bytes == 0 || point.value < 0x20 || point.value == 0x7F) {
      const auto byte = static_cast<unsigned char>(text.front());
      result += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 0xF]};
    } else {
      result += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return result;
}

std::vector<Finding> finished(std::vector<Finding> findings) {
  std::ranges::stable_sort(findings, {}, [](const Finding& finding) {
    return finding.line == 0 ? INT32_MAX : finding.line;
  });
  for (Finding& finding : findings) {
    finding.what = printable(finding.what);
    finding.fix = printable(finding.fix);
  }
  return findings;
}

}  // namespace

ListSubject read(std::string_view bytes, std::string file, const NamedModel& model) {
  DecodedText decoded = decode(bytes);
  ascend::KeepList list = ascend::parse_keep_list(decoded.text, model.graph.origins(), model.table);
  return {std::move(file), std::move(decoded), std::move(list), model};
}

std::vector<Finding> check_list(const ListSubject& subject) {
  std::vector<Finding> findings;
  for (const auto family : kOfTheList) append(findings, family(subject));
  return finished(std::move(findings));
}

std::vector<Finding> check(const Subject& subject) {
  std::vector<Finding> findings = check_list(subject.list);
  append(findings, check_repeats(subject.list));
  for (const auto family : kOfTheModel) append(findings, family(subject));
  return finished(std::move(findings));
}

}  // namespace keel::lint
