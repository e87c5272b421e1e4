#include <algorithm>

#include "compiler/lint/families.h"

namespace keel::lint {

std::vector<Finding> check_encoding(const ListSubject& subject) {
  std::vector<Finding> findings;
  const auto recode = Edit{Edit::Action::Recode};
  switch (subject.decoded.encoding) {
    case Encoding::Utf8:
      break;
    case Encoding::Utf8WithMark:
      findings.push_back({FindingKind::ByteOrderMark, subject.file, 1,
                          "the vendor compiler takes the byte order mark for part of the first "
                          "name",
                          "save the file as UTF-8 without a byte order mark", recode});
      break;
    case Encoding::Utf16:
      findings.push_back({FindingKind::Utf16, subject.file, 1,
                          "the file is UTF-16, in which the vendor compiler finds no name",
                          "save the file as UTF-8 without a byte order mark", recode});
      break;
  }
  for (const ascend::KeepEntry& entry : subject.list.entries) {
    if (!is_utf8(entry.raw))
      findings.push_back({FindingKind::InvalidUtf8, subject.file, entry.line,
                          "the line is not UTF-8, as the names of a model are",
                          "save the file as UTF-8"});
    const auto zeros = std::ranges::count(entry.raw, '\0');
    if (zeros == 0) continue;
    std::string without = entry.raw;
    std::erase(without, '\0');
    const Edit edit = without.empty() ? Edit{Edit::Action::Remove}
                                      : Edit{Edit::Action::Replace, std::move(without)};
    findings.push_back({FindingKind::NulByte, subject.file, entry.line,
                        "the line holds " + std::to_string(zeros) +
                            (zeros == 1 ? " zero byte" : " zero bytes") +
                            ", which the vendor compiler takes for part of the name",
                        "delete the zero bytes", edit});
  }
  return findings;
}

}  // namespace keel::lint
