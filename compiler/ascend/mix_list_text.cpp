#include "compiler/ascend/mix_list_text.h"

#include <nlohmann/json.hpp>

namespace keel::ascend {

std::string mix_list_text(std::span<const MixListChange> changes, const OpTable& table,
                          std::string_view family) {
  using nlohmann::ordered_json;
  ordered_json lists = ordered_json::object();
  for (const MixList list : {MixList::Black, MixList::White, MixList::Gray})
    lists[std::string(name(list)) + "-list"] = {{"to-add", ordered_json::array()},
                                                {"to-remove", ordered_json::array()}};
  for (const MixListChange& change : changes) {
    const MixList now = table.mix_list(change.type, family);
    KEEL_CHECK(now != change.list);
    lists[std::string(name(now)) + "-list"]["to-remove"].push_back(change.type);
    lists[std::string(name(change.list)) + "-list"]["to-add"].push_back(change.type);
  }
  return lists.dump(2) + "\n";
}

}  // namespace keel::ascend
