#pragma once

#include <vector>

#include "compiler/ir/graph.h"

namespace keel::passes {

/// Replaces `node` and `reader`, the only node that reads it, by one node with the operator of
/// `node`, the given inputs, the outputs of `reader` and the origins of both. Both must have one
/// output.
void absorb_reader(ir::Graph& graph, ir::NodeId node, ir::NodeId reader,
                   std::vector<ir::ValueId> inputs);

}  // namespace keel::passes
