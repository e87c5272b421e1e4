#include "compiler/ascend/mix_list_changes.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "compiler/base/file.h"
#include "compiler/base/nearest.h"

namespace keel::ascend {
namespace {

using nlohmann::json;

constexpr std::array kLists = {std::pair{"black-list", MixList::Black},
                               std::pair{"white-list", MixList::White},
                               std::pair{"gray-list", MixList::Gray}};

// What the file says of one type.
struct Wish {
  std::optional<MixList> added;
  std::vector<MixList> removed;
};

/// Gathers the wishes of one file, then turns them into changes.
class Reader {
 public:
  Reader(std::string where, const OpTable& table, std::string_view family)
      : where_(std::move(where)), table_(table), family_(family) {}

  Result<MixListChanges> read(std::string_view text) && {
    const json content = json::parse(text, nullptr, false);
    if (!content.is_object())
      return invalid("the file does not hold a JSON object",
                     R"(write {"black-list": {"to-add": ["Type"], "to-remove": []}})");
    for (const auto& [key, value] : content.items()) {
      const std::optional<MixList> list = list_named(key);
      if (!list)
        return invalid("there is no list '" + key + "'",
                       "use black-list, white-list and gray-list");
      KEEL_TRY_STATUS(read_list(key, *list, value));
    }
    for (const auto& [type, wish] : wishes_) {
      KEEL_TRY_STATUS(check(type, wish));
      apply(type, wish);
    }
    return std::move(result_);
  }

 private:
  Error invalid(std::string what, std::string fix) const {
    return {ErrorCode::InvalidConfig, std::move(what), where_, std::move(fix)};
  }

  static constexpr const char* kForm = "write {\"to-add\": [\"Type\"], \"to-remove\": []}";
  Error has_no(const std::string& key, const std::string& action) const {
    return invalid("'" + key + "' has no '" + action + "'", kForm);
  }
  Error malformed(const std::string& key, const std::string& action,
                  const std::string& what) const {
    return invalid("'" + key + "': '" + action + "' " + what, kForm);
  }

  static std::optional<MixList> list_named(std::string_view key) {
    for (const auto& [text, list] : kLists)
      if (key == text) return list;
    return std::nullopt;
  }

  Status read_list(const std::string& key, MixList list, const json& value) {
    if (!value.is_object()) return invalid("'" + key + "' is not an object", kForm);
    for (const auto& [action, types] : value.items()) {
      const bool adds = action == "to-add";
      if (!adds && action != "to-remove") return has_no(key, action);
      if (!types.is_array()) return malformed(key, action, "is not a list");
      for (const json& type : types) {
        if (!type.is_string())
          return malformed(key, action, type.dump().insert(0, "holds ").append(", not a type"));
        KEEL_TRY_STATUS(note(type.get<std::string>(), list, adds));
      }
    }
    return Done{};
  }

  Status note(const std::string& type, MixList list, bool adds) {
    Wish& wish = wishes_[type];
    if (!adds) {
      wish.removed.push_back(list);
      return Done{};
    }
    if (wish.added && *wish.added != list)
      return invalid("'" + type + "' is added to the " + std::string(name(*wish.added)) +
                         " and to the " + std::string(name(list)) + " list",
                     "leave it in one of them");
    wish.added = list;
    return Done{};
  }

  Status check(const std::string& type, const Wish& wish) const {
    for (const MixList list : wish.removed)
      if (wish.added == list)
        return invalid(
            "'" + type + "' is added to and removed from the " + std::string(name(list)) + " list",
            "delete one of the two entries");
    return Done{};
  }

  void apply(const std::string& type, const Wish& wish) {
    if (!table_.is_ascend_type(type)) {
      const std::vector<std::string> near = nearest(type, table_.all_types(), 1);
      warn("'" + type + "' is no known Ascend type",
           near.empty() ? "correct the type, or delete it"
                        : "use '" + near.front() + "' (nearest name)");
      return;
    }
    const MixList now = table_.mix_list(type, family_);
    for (const MixList list : wish.removed)
      if (list != now)
        warn("'" + type + "' is not on the " + std::string(name(list)) + " list of " + family_ +
                 ", but on the " + std::string(name(now)) + " one",
             "delete the entry");
    const bool is_removed = std::ranges::find(wish.removed, now) != wish.removed.end();
    const MixList then = wish.added ? *wish.added : is_removed ? MixList::Gray : now;
    if (then != now) {
      result_.changes.push_back({type, then});
    } else if (wish.added || is_removed) {
      warn(
          "'" + type + "' is on the " + std::string(name(now)) + " list of " + family_ + " already",
          "delete the entry");
    }
  }

  void warn(std::string what, std::string fix) {
    result_.warnings.push_back(invalid(std::move(what), std::move(fix)));
  }

  std::string where_;
  const OpTable& table_;
  std::string family_;
  std::map<std::string, Wish> wishes_;
  MixListChanges result_;
};

}  // namespace

Result<MixListChanges> read_mix_list_changes(const std::filesystem::path& path,
                                             const OpTable& table, std::string_view family) {
  KEEL_TRY(const std::string text, read_file(path));
  return parse_mix_list_changes(text, path.string(), table, family);
}

Result<MixListChanges> parse_mix_list_changes(std::string_view text, const std::string& where,
                                              const OpTable& table, std::string_view family) {
  return Reader(where, table, family).read(text);
}

}  // namespace keel::ascend
