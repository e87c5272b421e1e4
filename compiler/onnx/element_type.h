#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/base/dtype.h"

namespace keel::onnx_io {

/// The DType of a TensorProto.DataType number; empty for one keel does not hold (strings, complex).
std::optional<DType> dtype_of(std::int64_t onnx_type);

/// "FLOAT16": how ONNX calls the number.
std::string element_type_name(std::int64_t onnx_type);

}  // namespace keel::onnx_io
