#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"

namespace keel::engine {

struct RunOptions {
  ModelOptions model;
  bool plain_fp32 = true;  ///< the mode, SoC and keep list do not matter
  std::filesystem::path data;
  std::optional<std::filesystem::path> labels;
  std::filesystem::path output;
};

struct RunSummary {
  std::size_t samples = 0;
  std::string computed_in;  ///< "plain fp32", or "force_fp16 on Ascend910B3, 12 of 94 nodes kept"
  std::vector<std::pair<std::string, double>> metrics;  ///< against fp32 on the host
  std::optional<double> latency_us;                     ///< predicted; not in plain fp32 nor where
                                                        ///< a figure of the SoC is unknown
  std::vector<std::string> notes;                       ///< lines for the user
};

/// Executes every sample and writes `000.npy`, or `000.OUTPUT.npy` with several outputs.
/// \error InvalidConfig  the output folder holds other .npy files
Result<RunSummary> run_model(const RunOptions& options);

}  // namespace keel::engine
