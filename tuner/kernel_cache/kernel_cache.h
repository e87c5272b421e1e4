#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/result.h"
#include "profiler/simulator/kernel_times.h"

namespace keel::kernel_cache {

// Times of kernels on disk, which runs share: in a folder, by the digest of the timing model
// (simulator::model_digest) and that of the kernel. A run goes on whatever happens to the cache, so
// nothing here fails: what went wrong is a list of warnings. Any number of processes may use a
// folder at once; each call has it to itself, for milliseconds.

/// What was read.
struct Cached {
  std::vector<simulator::KnownTime> times;
  std::vector<Error> warnings;
};

/// The times of `model`; makes the folder and the cache where there is none. A file that is
/// damaged, or not a cache, is renamed to *.damaged, and a new one made: a warning says so.
Cached read(const std::filesystem::path& folder, const Digest& model);

/// Adds times that read() did not give; on the disk when it returns. What others added stays.
/// \returns warnings; with "are not cached" nothing was added
std::vector<Error> add(const std::filesystem::path& folder, const Digest& model,
                       std::span<const simulator::KnownTime> times);

}  // namespace keel::kernel_cache
