#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/graph.h"
#include "compiler/kernels/example_run.h"

namespace keel::kernels {

/// The content of a value, or null where it is not known.
using ContentOf = std::function<const Tensor*(ir::ValueId)>;

/// Sets the types of a node's outputs from those of its inputs, and computes the outputs where they
/// follow from constants and shapes alone and have at most `byte_budget` bytes each; empty
/// otherwise. Constants are what `content_of` knows: the graph's own, if it is not given. A
/// CastLike, whose dtype is then known, becomes a Cast.
///
/// Where a type follows from the data, or from a shape that does, it is set as `example` has it
/// (Value::varies); without an example that is an error.
/// \error InvalidModel, Unsupported  as ir::infer_types, execute and ExampleRun::content, with the
///     node in `where`
Result<std::optional<Tensors>> fold_node(ir::Graph& graph, ir::NodeId id, std::size_t byte_budget,
                                         const ContentOf& content_of = {},
                                         ExampleRun* example = nullptr);

}  // namespace keel::kernels
