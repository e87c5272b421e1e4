#pragma once

#include <optional>

#include "compiler/ir/graph.h"
#include "compiler/passes/match.h"

namespace keel::passes {

/// The elementwise node that can run in the kernel that makes `value`, because it alone reads it
/// and computes a tensor of the same shape; empty if there is none. Dtypes are not looked at.
std::optional<ir::NodeId> fusable_reader(const ir::Graph& graph, const Match& match,
                                         ir::ValueId value);

}  // namespace keel::passes
