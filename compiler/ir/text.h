#pragma once

#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "compiler/ir/graph.h"

namespace keel::ir {

struct PrintOptions {
  /// Constants with more elements are printed as their digest; such a text cannot be parsed.
  std::int64_t largest_constant = INT64_MAX;
};

/// The graph as text, one line a value, in topological order:
///
///     x: f32[1,4] = input
///     w: f32[4,2] = constant {1, 2, 3, 4, 5, 6, 7, 8}
///     y: f16[1,2] = MatMul(x, w) compute=f16 unit=0 origins=["dense"]
///     return y
///
/// `y: ~i64[2,3]` is of a shape that follows from the data, as one example has it.
///
/// Attributes at their default are left out, and so are origins that are the node's first output
/// name alone; an origin is followed by its ONNX operator where that is not the node's own
/// (`origins=["conv", "bn" BatchNormalization]`). Node::group prints as `kernel_group=0`, an
/// unknown type not at all. Origins that no node has are lost. An absent input is `_`. Names with
/// characters outside [A-Za-z0-9_./-] are quoted. Several outputs:
/// `a: f32[2], b: f32[2] = Split(x)`.
std::string print(const Graph& graph, const PrintOptions& options = {});

/// The inverse of print(). For tests it accepts more: the type of a node's output may be left out
/// and is then inferred; `constant random(SEED)` fills with uniform numbers in [-1, 1);
/// `constant splat(V)` repeats one value; origins may be left out and are then the node's first
/// output name; `#` starts a comment line.
/// \error InvalidModel  `where` is the line
Result<Graph> parse(std::string_view text);

}  // namespace keel::ir
