#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "profiler/simulator/kernel_times.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"
#include "tuner/engine/view.h"
#include "tuner/report/program_diff.h"
#include "tuner/report/program_listing.h"

namespace keel::engine {

/// The kernels of the owner's variant, each cast with its reason, and predicted times.
/// \param keep_file  what the owner's list is called in reasons
/// \param times      of kernels on the chip; null: a figure they rest on is unknown, there are none
/// \error what compiling gives
Result<report::ProgramListing> list_program(const Target& target, const std::string& keep_file,
                                            simulator::KernelTimes* times);

/// \error what open_target() and compiling give
Result<View<report::ProgramListing>> view_program(const ModelOptions& options);

/// What changes when `other` takes the place of the keep list of `options`, which may have none.
/// \error what open_target() and compiling give for either list
Result<View<report::ProgramDiff>> view_difference(const ModelOptions& options,
                                                  const std::filesystem::path& other);

}  // namespace keel::engine
