#pragma once

#include "compiler/program/program.h"

namespace keel::engine {

/// Arithmetic operations of a kernel as a roofline counts them, padding left out: two for each
/// multiply-accumulate of its products, one an element of every other operator that computes: an
/// element of the result, or of the first operand where that has more (reductions). Casts and what
/// moves elements count none.
double operations(const ir::Graph& graph, const program::Kernel& kernel);

}  // namespace keel::engine
