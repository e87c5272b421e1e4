#pragma once

#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"
#include "tuner/report/kernel_table.h"

namespace keel::engine {

struct ProfiledModel {
  report::Profile profile;
  std::vector<std::string> notes;  ///< lines for the user
  std::vector<Error> warnings;     ///< of the owner's keep list, and of times that are extrapolated
};

/// Compiles the variant of the owner's list and predicts the time of each kernel: the latency is
/// the one that run_model() and a trial of the same assignment on npu-sim report.
/// \error Unsupported  a figure of the SoC that times rest on is unknown
/// \error what open_target() and compiling give
Result<ProfiledModel> profile(const ModelOptions& options);

}  // namespace keel::engine
