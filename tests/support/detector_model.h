#pragma once

#include <filesystem>

namespace keel::test {

/// Writes `model.onnx` and 16 `samples/000.npy ...`: two convolutions over an image [1,3,32,32]
/// give 64 boxes and their scores, of which NonMaxSuppression selects another number in most
/// samples. Outputs: "boxes" [n,4], selected and scaled, and "scores" [1,1,64] of all.
void write_detector_model(const std::filesystem::path& folder);

}  // namespace keel::test
