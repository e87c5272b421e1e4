#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "compiler/base/result.h"
#include "compiler/onnx/load.h"
#include "tuner/engine/options.h"

namespace keel::engine {

/// A shape for every input that the model leaves open, as far as one is known.
struct ChosenShapes {
  onnx_io::InputShapes shapes;
  std::optional<std::string> note;  ///< for the user: what was taken from the samples
};

/// Shapes from --input_shape, and for inputs it does not name from the samples in `data`.
/// \error InvalidConfig  a malformed flag; samples that differ, or do not fit the model
/// \error what reading the inputs of the model gives
Result<ChosenShapes> choose_input_shapes(const ModelOptions& options,
                                         const std::optional<std::filesystem::path>& data);

}  // namespace keel::engine
