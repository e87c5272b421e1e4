#include "compiler/ascend/shortest_list.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "compiler/ascend/keep_list.h"

namespace keel::ascend {
namespace {

// A line of one node has the name, which no later change of the model makes match more.
constexpr std::size_t kLeastNodesOfATypeLine = 2;

/// What a type line would mean for the nodes to keep.
struct TypeLine {
  std::size_t stands_for = 0;  ///< nodes to keep of this primary type
  bool matches_others = false;
};

std::map<std::string, TypeLine> type_lines(const std::vector<bool>& kept,
                                           std::span<const ir::Origin> origins,
                                           const OpTable& table) {
  std::map<std::string, TypeLine> lines;
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (kept[i]) ++lines[table.primary_type(origins[i].onnx_op)].stands_for;
    for (const std::string& type : table.ascend_types(origins[i].onnx_op))
      if (!kept[i]) lines[type].matches_others = true;
  }
  return lines;
}

Status check_same(std::string_view text, std::span<const ir::OriginId> nodes,
                  std::span<const ir::Origin> origins, const OpTable& table) {
  const std::vector<ir::OriginId> read = parse_keep_list(text, origins, table).nodes();
  std::vector<ir::OriginId> differ;
  std::ranges::set_symmetric_difference(read, nodes, std::back_inserter(differ));
  if (differ.empty()) return Done{};
  return Error{ErrorCode::InvalidConfig,
               "the shortest keep list, read again, keeps " + std::to_string(read.size()) +
                   " nodes and not the " + std::to_string(nodes.size()) +
                   " of the trial; the first to differ is '" +
                   origins[ir::index(differ.front())].name + "'",
               "", "rename the node so that a line can name it, and repeat keel tune"};
}

}  // namespace

Result<std::string> shortest_keep_list(std::span<const ir::OriginId> nodes,
                                       std::span<const ir::Origin> origins, const OpTable& table) {
  std::vector<bool> kept(origins.size());
  for (const ir::OriginId node : nodes) kept[ir::index(node)] = true;
  const std::map<std::string, TypeLine> lines = type_lines(kept, origins, table);
  std::string text;
  std::set<std::string> written;
  for (const ir::OriginId node : nodes) {
    const ir::Origin& origin = origins[ir::index(node)];
    const std::string type = table.primary_type(origin.onnx_op);
    const TypeLine& line = lines.at(type);
    const bool by_type = !line.matches_others && line.stands_for >= kLeastNodesOfATypeLine &&
                         table.is_ascend_type(type);
    if (!by_type) {
      text += origin.name + "\n";
    } else if (written.insert(type).second) {
      text += std::string(kTypePrefix) + type + "\n";
    }
  }
  KEEL_TRY_STATUS(check_same(text, nodes, origins, table));
  return text;
}

}  // namespace keel::ascend
