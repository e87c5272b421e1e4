#pragma once

#include <filesystem>

#include "compiler/base/result.h"
#include "tuner/engine/options.h"
#include "tuner/engine/view.h"
#include "tuner/report/profile.h"
#include "tuner/report/profile_difference.h"

namespace keel::engine {

/// Compiles the variant of the owner's list and predicts the time of each kernel: the latency is
/// the one that run_model() and a trial of the same assignment on npu-sim report.
/// \error Unsupported  a figure of the SoC that times rest on is unknown
/// \error what open_target() and compiling give
Result<View<report::Profile>> profile(const ModelOptions& options);

/// How much longer the model takes when `other` is in the place of the keep list of `options`,
/// which may have none, and which kernels make the difference.
/// \error what profile() gives for either list
Result<View<report::ProfileDifference>> compare(const ModelOptions& options,
                                                const std::filesystem::path& other);

}  // namespace keel::engine
