#pragma once

#include <vector>

#include "tuner/engine/target.h"

namespace keel::engine {

/// What fixes which units of `target`: the mode's rules, the owner's keep list, --lower, and
/// --gang, which hands on what fixes one of its units to the others. Gangs that share a unit are
/// one, and free units that share a node of the file are in one.
///
/// \param requests  what the owner's files ask of each unit beside the keep list
/// \error InvalidConfig  an expression that matches nothing; a unit that the keep list keeps and
///     --lower lowers; units of a gang that are fixed at different precisions
Result<std::vector<UnitFacts>> find_facts(Target& target, std::vector<ascend::Request> requests,
                                          const ModelOptions& options);

}  // namespace keel::engine
