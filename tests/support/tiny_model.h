#pragma once

#include <filesystem>

namespace keel::test {

/// Writes `model.onnx`, `samples/000.npy ...` and `samples/labels.json`: a network of 15 nodes that
/// plain fp16 breaks in two ways, small enough that a whole tuning run takes a few seconds, with
/// weights large enough that precision costs time on an NPU.
///
///     x [1,32] -> square -> floor 1e-9 (underflows) -> log -> dense_0, relu -> times 100
///       -> square (overflows) -> root -> dense_1 -> dense_2 -> tanh -> logits y [1,4]
///
/// Samples of very different loudness; the labels are arbitrary, so no variant is accurate.
///
/// \param hidden  elements between the dense layers: 9 MB of weights a layer by default, which is
///                about 5 us in fp32 on Ascend910B3
void write_tiny_model(const std::filesystem::path& folder, int hidden = 1536, int samples = 16);

/// Makes the first extent of every input and output of a model file dynamic.
void open_batch_axis(const std::filesystem::path& model);

}  // namespace keel::test
