#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace onnx {
class GraphProto;
class NodeProto;
}  // namespace onnx

namespace keel::onnx_io {

/// The nodes of a graph and of the subgraphs in it: each node in file order, then those of its
/// subgraphs.
std::vector<const ::onnx::NodeProto*> all_nodes(const ::onnx::GraphProto& graph);
std::vector<::onnx::NodeProto*> all_nodes(::onnx::GraphProto& graph);

/// For each of all_nodes(), the position of the one whose subgraph it is in; none in the main
/// graph.
std::vector<std::optional<std::size_t>> enclosing_nodes(const ::onnx::GraphProto& graph);

/// The values a node reads, those its subgraphs take from around them included.
std::vector<std::string> values_read(const ::onnx::NodeProto& node);

}  // namespace keel::onnx_io
