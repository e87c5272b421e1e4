#pragma once

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/onnx/load.h"

namespace keel::onnx_io {

/// A tensor of `type` whose elements are all `value`, which `--input_value` gave for input `name`.
/// \error InvalidConfig  the dtype does not hold that number
Result<Tensor> fixed_content(const std::string& name, double value, const TensorType& type);

/// \error InvalidConfig  a name in `values` is not one of `inputs`
Status check_value_names(const InputValues& values, const std::vector<std::string>& inputs);

}  // namespace keel::onnx_io
