#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace keel::test {

/// Sizes of the stress model. The defaults are for benchmarks: about 300 units; on Ascend910B3 all
/// kept takes more than 1.5 times as long as all lowered; a sample takes less than a second on a
/// host core.
struct StressOptions {
  int blocks = 12;
  int outlier_blocks = 4;  ///< the first ones carry outlier channels in their residual stream
  int width = 512;         ///< of the residual stream; the hidden layer of an MLP is 4 times it
  int heads = 8;
  int sequence = 384;
  int samples = 16;
  std::uint64_t seed = 17;
};

/// What is known of the model by construction, as node names.
struct StressModel {
  std::vector<std::string> cliffs;    ///< in units that fp16 breaks, each by itself
  std::vector<std::string> harmless;  ///< in units with a constant that overflows and does no harm
};

/// Writes `model.onnx` and `inputs/000.npy ...`: a pre-norm transformer over spectra in which
/// precision costs real time, with faults that plain fp16 does not survive.
///
///     x [sequence,64] -> square -> filters -> floor 1e-10 (underflows) -> log -> projection
///       -> blocks x (layer norm, attention, add, layer norm, tanh-GELU MLP, add)
///       -> layer norm -> mean over the sequence -> y [1,16]
///
/// Layer norms, softmax scaling and GELU are decomposed as exporters do. Four channels of the first
/// outlier_blocks blocks lie at 400, so their squares overflow inside the layer norms. The ceiling
/// of the scores is 1e9 and the causal mask holds -1e9; both are harmless. Every second sample has
/// silent frames, which is where the floor works. Weights are seeded; nothing is trained.
///
/// \pre heads divides width; outlier_blocks <= blocks
StressModel write_stress_model(const std::filesystem::path& folder, const StressOptions& options);

}  // namespace keel::test
