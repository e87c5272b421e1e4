#pragma once

#include <filesystem>

namespace keel::test {

/// What of other samples in the same execution reaches the result of one.
enum class Coupling {
  None,
  Always,         ///< a sum over all of them
  Kept,           ///< a sum that underflows to 0 where it is lowered
  Lowered,        ///< a sum of what fp16 loses and fp32 does not
  MixedVariants,  ///< a sum that is 0 if two equal products have equal precision
};

/// Writes `model.onnx` and `samples/000.npy ...`: three products with activations, in fp32, whose
/// first extent the file leaves open. Its weights are so large that reading them is what takes the
/// time of one sample.
void write_open_mlp(const std::filesystem::path& folder, Coupling coupling, int samples = 24);

}  // namespace keel::test
