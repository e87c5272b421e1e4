#pragma once

#include <cstdint>
#include <optional>

#include "compiler/onnx/control_flow.h"
#include "compiler/onnx/node_import.h"

namespace keel::onnx_io {

using Values = std::vector<ir::ValueId>;

/// What a condition is, empty where the data decides.
/// \error InvalidModel  it has not one element
Result<std::optional<bool>> known_condition(NodeImport& node, ir::ValueId condition);

/// What the iterations gave, along a new axis.
/// \pre parts is not empty
ir::ValueId stacked(NodeImport& node, const Values& parts, std::int64_t axis);

/// \pre it has more than kMostLoopIterations
Error too_long(const NodeImport& node);

/// A Loop becomes its iterations one after another. As long as constants say that it goes on, they
/// are what the body makes of them. Once the data decides, each iteration chooses between what the
/// body makes and what was carried before; of one that is not to be, the body runs on what the
/// first of these iterations has, so that nothing in it can fail that does not fail there. Of scan
/// outputs only as many slices are left as there were iterations. There are as many iterations as
/// the trip count says, where it is known and not above NodeImport::loop_iterations(), else that
/// many, and an ir::LoopEnd.
Result<Values> import_loop(NodeImport& node, const SubgraphImport& import);

/// A Scan becomes its steps one after another; of opset 8, for each element of the batch.
Result<Values> import_scan(NodeImport& node, const SubgraphImport& import);

}  // namespace keel::onnx_io
