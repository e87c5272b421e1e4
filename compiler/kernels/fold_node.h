#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"

namespace keel::kernels {

/// The content of a value, or null where it is not known.
using ContentOf = std::function<const Tensor*(ir::ValueId)>;

/// Sets the types of a node's outputs from those of its inputs, and computes the outputs where they
/// follow from constants and shapes alone and have at most `byte_budget` bytes each; empty
/// otherwise. Constants are what `content_of` knows: the graph's own, if it is not given. A
/// CastLike, whose dtype is then known, becomes a Cast. \error InvalidModel, Unsupported  as
/// ir::infer_types and execute, with the node in `where`
Result<std::optional<Tensors>> fold_node(ir::Graph& graph, ir::NodeId id, std::size_t byte_budget,
                                         const ContentOf& content_of = {});

}  // namespace keel::kernels
