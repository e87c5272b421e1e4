#pragma once

#include <tbb/concurrent_unordered_map.h>

#include "compiler/base/hash.h"
#include "profiler/simulator/timing.h"

namespace keel::simulator {

/// predict() of many programs on one chip: a kernel whose equal was met before is looked up, since
/// kernels of equal digests run in equal time. Variants of a model share nearly all of theirs.
/// Thread-safe.
class KernelTimes {
 public:
  /// \pre missing_figure(soc) is null
  explicit KernelTimes(ascend::Soc soc) : soc_(std::move(soc)) {}

  /// The same as predict(soc, program).
  Timeline of(const program::Program& program);

  /// Different kernels met so far.
  std::size_t size() const { return known_.size(); }

 private:
  ascend::Soc soc_;
  tbb::concurrent_unordered_map<Digest, KernelTime, DigestHash> known_;
};

}  // namespace keel::simulator
