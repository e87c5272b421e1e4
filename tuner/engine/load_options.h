#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "compiler/base/result.h"
#include "compiler/onnx/load.h"
#include "tuner/engine/options.h"

namespace keel::engine {

/// How a model is to be loaded.
struct ChosenOptions {
  onnx_io::LoadOptions load;
  std::optional<std::string> note;  ///< for the user: what was taken from the samples
};

/// What the flags say, and what the samples in `data` say where the flags do not: shapes the model
/// leaves open, and integers and flags of one element that every sample gives alike.
/// \error InvalidConfig  a malformed flag; samples that differ in shape, or do not fit the model
/// \error what reading the inputs of the model gives
Result<ChosenOptions> choose_load_options(const ModelOptions& options,
                                          const std::optional<std::filesystem::path>& data);

/// Inputs of one execution, for the shapes that follow from the data: the first sample.
/// \error Unsupported  there is no data
/// \error InvalidConfig, NotReadable  what reading the sample gives
Result<std::vector<Tensor>> example_inputs(const ir::Graph& graph,
                                           const std::optional<std::filesystem::path>& data);

}  // namespace keel::engine
