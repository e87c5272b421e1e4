#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/ir/graph.h"

namespace keel::simulator {

/// A tensor that is padded to whole blocks before a product, or cut to its extents after it.
struct Relayout {
  ir::ValueId value;
  std::array<std::int64_t, 2> extents;  ///< the last two of the tensor
  std::array<std::int64_t, 2> blocks;   ///< these, rounded up to whole blocks
  bool is_result;                       ///< cut after the product, not padded before it
};

/// Tensors of a node that change their layout around it: those of a MatMul that are no whole blocks
/// of 16 x 16, where one core holds cube and vector unit. Constants are in blocks already; a
/// convolution takes and gives blocks of channels, which are padded in memory. None of other nodes.
///
/// \par Source  (I) published latencies of transformers of 197 and of 70 tokens, beside those of 64
///     and 128 (scripts/networks/RESIDUALS.md)
std::vector<Relayout> relayouts(const ascend::Soc& soc, const ir::Graph& graph,
                                const ir::Node& node);

}  // namespace keel::simulator
