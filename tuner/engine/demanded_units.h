#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/passes/units.h"

namespace keel::engine {

/// The units of the nodes that one --gang or --lower names.
struct UnitPattern {
  std::string option;              ///< "--gang 'layer1/.*'"
  std::vector<std::size_t> units;  ///< sorted
  std::vector<std::string> nodes;  ///< the first that matches, for each unit
};

/// Matches each regular expression (ECMAScript) against the whole name of every node of a unit.
///
/// \param flag  "--gang"
/// \error InvalidConfig  it is no regular expression, or the name of no node matches
Result<std::vector<UnitPattern>> match_units(const std::string& flag,
                                             const std::vector<std::string>& expressions,
                                             const ir::Graph& graph,
                                             std::span<const passes::Unit> units);

}  // namespace keel::engine
