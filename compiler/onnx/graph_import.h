#pragma once

#include <cstdint>

#include "compiler/onnx/load.h"

namespace onnx {
class GraphProto;
}

namespace keel::onnx_io {

class ExternalData;

struct ImportedGraph {
  ir::Graph graph;
  std::vector<ascend::FileNode> file_nodes;  ///< as Model
  bool needs_named_copy = false;
  std::vector<std::string> fixed_inputs;  ///< as Model
};

/// Turns the main graph of a model into ours: see load(), which adds the file to `where`.
Result<ImportedGraph> import_graph(const ::onnx::GraphProto& proto, std::int64_t opset,
                                   const LoadOptions& options, ExternalData& external);

}  // namespace keel::onnx_io
