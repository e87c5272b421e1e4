#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/onnx/node_import.h"

namespace keel::onnx_io {

/// Adds the nodes of a subgraph whose inputs are `inputs`, and returns its outputs. Each time it is
/// called the nodes are added again, of the same origins.
using SubgraphImport = std::function<Result<std::vector<ir::ValueId>>(
    const ::onnx::GraphProto& body, std::span<const ir::ValueId> inputs)>;

/// Control flow becomes the nodes it runs: the branch an If takes, the iterations of a Loop or Scan
/// one after another, where what decides follows from constants, shapes, or inputs that every
/// sample gives alike. Where the data decides on an If, both branches run and it chooses; their
/// results may differ in shape, not in dtype. Where it decides on a Loop, see import_loop().
///
/// Returns the outputs of the node.
/// \error InvalidModel  attributes, inputs or the subgraph break the ONNX definition
/// \error Unsupported   there are too many iterations, or a length of a Scan that the data decides
using ControlFlowFunction = Result<std::vector<ir::ValueId>> (*)(NodeImport&,
                                                                 const SubgraphImport&);

/// Null where `onnx_op` is not If, Loop or Scan.
ControlFlowFunction control_flow_of(std::string_view onnx_op);

}  // namespace keel::onnx_io
