#include "compiler/ascend/keep_list.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace keel::ascend {
namespace {

/// Finds what entries name in one model.
class Resolver {
 public:
  Resolver(std::span<const ir::Origin> origins, const OpTable& table) {
    for (std::size_t i = 0; i < origins.size(); ++i) {
      const ir::OriginId id{static_cast<std::uint32_t>(i)};
      by_name_[origins[i].name].push_back(id);
      for (std::string& type : table.ascend_types(origins[i].onnx_op))
        by_type_[std::move(type)].insert(id);
    }
  }

  std::vector<ir::OriginId> named(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? std::vector<ir::OriginId>{} : found->second;
  }

  std::vector<ir::OriginId> of_type(std::string_view type) const {
    const auto found = by_type_.find(type);
    if (found == by_type_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

 private:
  std::map<std::string, std::vector<ir::OriginId>, std::less<>> by_name_;
  std::map<std::string, std::set<ir::OriginId>, std::less<>> by_type_;
};

EntryForm form_of(std::string_view raw, std::string_view text) {
  if (text.empty()) return EntryForm::Blank;
  if (text.starts_with('#')) return EntryForm::Comment;
  if (raw.starts_with(kTypePrefix)) return EntryForm::Type;
  if (text.starts_with(kTypePrefix)) return EntryForm::IndentedType;
  return EntryForm::Name;
}

}  // namespace

std::vector<ir::OriginId> KeepList::nodes() const {
  std::set<ir::OriginId> all;
  for (const KeepEntry& entry : entries) all.insert(entry.nodes.begin(), entry.nodes.end());
  return {all.begin(), all.end()};
}

KeepList parse_keep_list(std::string_view text, std::span<const ir::Origin> origins,
                         const OpTable& table) {
  const Resolver resolver(origins, table);
  KeepList list;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    KeepEntry entry;
    entry.line = number;
    entry.raw = line;
    entry.text = trimmed(line);
    entry.form = form_of(line, entry.text);
    if (entry.form == EntryForm::Type) entry.nodes = resolver.of_type(type_of(entry));
    if (entry.form == EntryForm::Name) entry.nodes = resolver.named(entry.text);
    list.entries.push_back(std::move(entry));
  }
  return list;
}

std::string_view type_of(const KeepEntry& entry) {
  return std::string_view(entry.text).substr(kTypePrefix.size());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string keep_list_text(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return text;
}

}  // namespace keel::ascend
