#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/base/result.h"

namespace onnx {
class GraphProto;
}

namespace keel::onnx_io {

/// Indices of the nodes of one graph, those of subgraphs apart, in an order in which each comes
/// after those whose outputs it reads; file order where that is one. \error InvalidModel  nodes
/// wait for each other in a cycle; `where` is one of them
Result<std::vector<std::size_t>> order_of_nodes(const ::onnx::GraphProto& graph,
                                                const std::vector<std::string>& names);

}  // namespace keel::onnx_io
