#pragma once

#include <vector>

#include "compiler/onnx/load.h"

namespace onnx {
class ValueInfoProto;
}

namespace keel::onnx_io {

/// \error InvalidModel  no tensor of numbers, or a negative extent (-1 is dynamic)
Result<DeclaredInput> declared(const ::onnx::ValueInfoProto& input);

/// The types of the graph inputs, each dynamic extent taken from `shapes`.
///
/// \error InvalidModel   an input is no tensor of numbers, or has a negative extent (-1 is
/// dynamic);
///     a dynamic extent that `shapes` does not give: `fix` is the text to pass
/// \error InvalidConfig  `shapes` names no input, or contradicts a rank or an extent of the file
Result<std::vector<TensorType>> input_types(
    const std::vector<const ::onnx::ValueInfoProto*>& inputs, const InputShapes& shapes);

}  // namespace keel::onnx_io
