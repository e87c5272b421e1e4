#pragma once

#include <functional>
#include <vector>

#include "compiler/ir/graph.h"

namespace keel::program {

/// Whether the kernels that make the inputs of a Concat can each write its part of the result, so
/// that the Concat itself launches nothing.
/// \param runs_with_convolution  whether a node is in the kernel of a convolution
/// \par Source  parts in a row of memory: the vendor's ConcatNotaskPass (C); parts of every sample,
///     in steps: its ConvConcatFusionPass, of convolutions whose channels fill blocks of 16 (D)
bool is_placed_by_producers(const ir::Graph& graph, const ir::Readers& readers, ir::NodeId id,
                            const std::function<bool(ir::NodeId)>& runs_with_convolution);

}  // namespace keel::program
