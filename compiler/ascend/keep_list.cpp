#include "compiler/ascend/keep_list.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "compiler/base/file.h"
#include "compiler/base/nearest.h"

namespace keel::ascend {
namespace {

constexpr std::string_view kTypePrefix = "OpType::";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Each "did you mean" compares an entry with every name of the model: a list written for another
// model must not cost lines times nodes.
constexpr int kMostSuggestions = 20;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_pascal_case(std::string_view type) {
  return !type.empty() && type.front() >= 'A' && type.front() <= 'Z' &&
         std::ranges::all_of(type, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string type_entry(std::string_view type) {
  return "'" + std::string(kTypePrefix) + std::string(type) + "'";
}

/// Finds what entries name in one model.
class Resolver {
 public:
  Resolver(std::span<const ir::Origin> origins, const OpTable& table)
      : origins_(origins), table_(table) {
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

  /// What to write instead of a name that matches nothing.
  std::string fix_name(std::string_view name) {
    if (const std::string type = model_type_like(name); !type.empty())
      return "use " + type_entry(type) + " for every " + type;
    const std::vector<std::string> near = suggest(name, model_names());
    if (near.empty()) return "correct the name, or delete the line";
    const ir::Origin& origin = origins_[ir::index(named(near.front()).front())];
    const std::string type = table_.primary_type(origin.onnx_op);
    return "use '" + near.front() + "' (nearest name), or " + type_entry(type) + " for every " +
           type;
  }

  /// What to write instead of a type that matches nothing.
  std::string fix_type(std::string_view type) {
    if (const std::string meant = model_type_like(type); !meant.empty())
      return "use " + type_entry(meant) + ", the type of the model's " + std::string(type);
    const bool known = table_.is_ascend_type(type);
    const std::vector<std::string> near = suggest(type, known ? model_types() : table_.all_types());
    if (near.empty()) return known ? "delete the line" : "correct the type, or delete the line";
    std::string fix = "use " + type_entry(near.front());
    for (std::size_t i = 1; i < near.size(); ++i) fix += " or " + type_entry(near[i]);
    return fix + (known ? " (nearest type of the model)" : " (nearest type)");
  }

 private:
  // The Ascend type of the model's operators that are called `word` in ONNX or on the NPU.
  std::string model_type_like(std::string_view word) const {
    const std::string type = table_.primary_type(word);
    return by_type_.contains(type) ? type : std::string();
  }

  std::vector<std::string> suggest(std::string_view word, std::span<const std::string> candidates) {
    if (suggestions_ == kMostSuggestions) return {};
    ++suggestions_;
    return nearest(word, candidates, 2);
  }

  std::span<const std::string> model_names() {
    if (model_names_.empty()) {
      for (const auto& [name, ids] : by_name_) model_names_.push_back(name);
    }
    return model_names_;
  }

  std::vector<std::string> model_types() const {
    std::vector<std::string> types;
    for (const auto& [type, ids] : by_type_) types.push_back(type);
    return types;
  }

  std::span<const ir::Origin> origins_;
  const OpTable& table_;
  std::map<std::string, std::vector<ir::OriginId>, std::less<>> by_name_;
  std::map<std::string, std::set<ir::OriginId>, std::less<>> by_type_;
  std::vector<std::string> model_names_;
  int suggestions_ = 0;
};

/// Reads the file line by line into a list.
class Reader {
 public:
  Reader(std::string where, std::span<const ir::Origin> origins, const OpTable& table)
      : where_(std::move(where)), resolver_(origins, table), table_(table) {}

  Result<KeepList> read(std::string_view text) && {
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());
      line_ = 1;
      warn("the vendor compiler takes the byte order mark for part of the first name",
           "save the file as UTF-8 without a byte order mark");
      line_ = 0;
    }
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      KEEL_TRY_STATUS(read_line(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(list_);
  }

 private:
  Status read_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return Done{};
    const std::string_view entry = trimmed(line);
    if (entry.empty()) {
      warn("the vendor compiler takes a line of blanks for a node with an empty name",
           "delete the blanks");
    } else if (entry.starts_with('#')) {
      warn("the vendor compiler takes '" + std::string(entry) + "' for a node name",
           "delete the line: a keep list has no comments");
    } else if (line.starts_with(kTypePrefix)) {
      return read_type(entry);
    } else if (entry.starts_with(kTypePrefix)) {
      add(entry, {});
      warn("keep entry '" + std::string(entry) + "' is indented: the vendor compiler takes it " +
               "for a node name",
           "delete the blanks before 'OpType::'");
    } else {
      read_name(entry);
    }
    return Done{};
  }

  Status read_type(std::string_view entry) {
    const std::string_view type = entry.substr(kTypePrefix.size());
    std::vector<ir::OriginId> nodes = resolver_.of_type(type);
    if (!is_pascal_case(type)) {
      return Error{ErrorCode::InvalidConfig,
                   "keep entry '" + std::string(entry) +
                       "' has a type that is not PascalCase, which the vendor compiler refuses",
                   at(), resolver_.fix_type(type)};
    }
    if (nodes.empty() && !table_.is_ascend_type(type)) {
      warn("keep entry '" + std::string(entry) + "' names no known Ascend type",
           resolver_.fix_type(type));
    } else if (nodes.empty()) {
      warn("keep entry '" + std::string(entry) + "' names no node of the model",
           resolver_.fix_type(type));
    }
    add(entry, std::move(nodes));
    return Done{};
  }

  void read_name(std::string_view entry) {
    std::vector<ir::OriginId> nodes = resolver_.named(entry);
    if (nodes.empty()) {
      warn("keep entry '" + std::string(entry) + "' names no node of the model",
           resolver_.fix_name(entry));
    }
    add(entry, std::move(nodes));
  }

  void add(std::string_view entry, std::vector<ir::OriginId> nodes) {
    list_.entries.push_back({.line = line_, .text = std::string(entry), .nodes = std::move(nodes)});
  }

  void warn(std::string what, std::string fix) {
    list_.warnings.push_back({ErrorCode::InvalidConfig, std::move(what), at(), std::move(fix)});
  }

  std::string at() const { return where_ + ":" + std::to_string(line_); }

  std::string where_;
  Resolver resolver_;
  const OpTable& table_;
  KeepList list_;
  int line_ = 0;
};

}  // namespace

std::vector<ir::OriginId> KeepList::nodes() const {
  std::set<ir::OriginId> all;
  for (const KeepEntry& entry : entries) all.insert(entry.nodes.begin(), entry.nodes.end());
  return {all.begin(), all.end()};
}

Result<KeepList> read_keep_list(const std::filesystem::path& path,
                                std::span<const ir::Origin> origins, const OpTable& table) {
  KEEL_TRY(const std::string text, read_file(path));
  return parse_keep_list(text, path.string(), origins, table);
}

Result<KeepList> parse_keep_list(std::string_view text, const std::string& where,
                                 std::span<const ir::Origin> origins, const OpTable& table) {
  return Reader(where, origins, table).read(text);
}

std::string keep_list_text(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return text;
}

}  // namespace keel::ascend
