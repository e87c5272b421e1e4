#include "tuner/engine/demanded_units.h"

#include <algorithm>
#include <regex>

#include "compiler/base/nearest.h"

namespace keel::engine {
namespace {

Error no_match(const std::string& option, const std::string& expression, const ir::Graph& graph,
               std::span<const passes::Unit> units) {
  std::vector<std::string> names;
  for (const passes::Unit& unit : units)
    for (const ir::OriginId origin : unit.origins) names.push_back(graph[origin].name);
  const std::vector<std::string> closest = nearest(expression, names, 1);
  return {ErrorCode::InvalidConfig,
          "the name of no node that has a precision to choose matches '" + expression + "'", option,
          "the whole name must match, '.*' stands for any part" +
              (closest.empty() ? "" : "; the nearest name is '" + closest[0] + "'")};
}

Result<std::regex> compiled(const std::string& option, const std::string& expression) {
  try {
    return std::regex(expression, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error& error) {
    return Error{ErrorCode::InvalidConfig,
                 "'" + expression + "' is no regular expression: " + error.what(), option,
                 "write one of ECMAScript, such as 'layer1/.*'"};
  }
}

}  // namespace

Result<std::vector<UnitPattern>> match_units(const std::string& flag,
                                             const std::vector<std::string>& expressions,
                                             const ir::Graph& graph,
                                             std::span<const passes::Unit> units) {
  std::vector<UnitPattern> patterns;
  for (const std::string& expression : expressions) {
    UnitPattern pattern{flag + " '" + expression + "'", {}, {}};
    KEEL_TRY(const std::regex regex, compiled(pattern.option, expression));
    for (std::size_t u = 0; u < units.size(); ++u) {
      const auto named = std::ranges::find_if(units[u].origins, [&](ir::OriginId origin) {
        return std::regex_match(graph[origin].name, regex);
      });
      if (named == units[u].origins.end()) continue;
      pattern.units.push_back(u);
      pattern.nodes.push_back(graph[*named].name);
    }
    if (pattern.units.empty()) return no_match(pattern.option, expression, graph, units);
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

}  // namespace keel::engine
