#pragma once

#include <string_view>

#include "compiler/base/result.h"
#include "compiler/ir/op.h"
#include "compiler/onnx/node_import.h"

namespace keel::onnx_io {

using ImportFunction = Result<ir::Op> (*)(NodeImport& node);

/// How an operator of the ai.onnx domain is imported; null for one keel cannot run.
ImportFunction importer_of(std::string_view onnx_op);

}  // namespace keel::onnx_io
