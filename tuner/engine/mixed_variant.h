#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/onnx/mixed_copy.h"
#include "tuner/engine/target.h"
#include "tuner/report/result.h"
#include "tuner/study/head.h"

namespace keel::engine {

/// What is needed beside a study to write a mixed-precision model of one of its trials.
struct MixedOptions {
  std::optional<std::filesystem::path> model;  ///< none: where keel tune read it
  /// Samples: for control flow that depends on an input every sample gives alike.
  std::optional<std::filesystem::path> data;
};

/// A trial as the ONNX file it is to become.
struct MixedVariant {
  std::filesystem::path model;
  onnx_io::MixedRequest request;
  std::vector<std::string> nodes;  ///< "'name' (Range)", as request.dtypes
};

/// Reads the model of a study again and says what each of its nodes computes in under `assignment`.
///
/// Units are of the compiler's graph, dtypes of the file's nodes: a node computes in fp16 if every
/// unit it is part of takes its operands in fp16. A kept unit is fp32 whatever the chip's cube
/// makes of it: fp16 products between fp32 tensors and HF32 have no form in ONNX.
/// \error InvalidConfig  model, chip or operator table are others than those of the study
/// \error what open_target() gives
Result<MixedVariant> mixed_variant(const study::Head& study, const report::CompilerCommand& command,
                                   const search::Assignment& assignment,
                                   const MixedOptions& options);

/// The dtype of each node of the model file: empty where it is in no unit.
std::vector<std::optional<DType>> node_dtypes(const Target& target,
                                              const search::Assignment& assignment);

}  // namespace keel::engine
