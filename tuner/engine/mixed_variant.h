#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/onnx/mixed_copy.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// A trial as the ONNX file it is to become.
struct MixedVariant {
  onnx_io::MixedRequest request;
  std::vector<std::string> nodes;  ///< "'name' (Range)", as request.dtypes
};

/// Says what each node of the model file computes in under `assignment`.
///
/// Units are of the compiler's graph, dtypes of the file's nodes: a node computes in fp16 if every
/// unit it is part of takes its operands in fp16. A kept unit is fp32 whatever the chip's cube
/// makes of it: fp16 products between fp32 tensors and HF32 have no form in ONNX.
MixedVariant mixed_variant(const Target& target, const search::Assignment& assignment);

/// The dtype of each node of the model file: empty where it is in no unit.
std::vector<std::optional<DType>> node_dtypes(const Target& target,
                                              const search::Assignment& assignment);

}  // namespace keel::engine
