#pragma once

#include <tbb/concurrent_unordered_map.h>

#include <vector>

#include "compiler/base/hash.h"
#include "profiler/simulator/timing.h"

namespace keel::simulator {

/// The time of kernels with one digest.
struct KnownTime {
  Digest kernel;  ///< program::Kernel::digest
  KernelTime time;
};

/// predict() of many programs on one chip: a kernel whose equal was met before is looked up, since
/// kernels of equal digests run in equal time. Variants of a model share nearly all of theirs.
/// What is not known is predicted in parallel. Thread-safe.
class KernelTimes {
 public:
  /// \param known  times that predict() gave on this chip: model_digest() says on which
  /// \pre missing_figure(soc) is null
  explicit KernelTimes(ascend::Soc soc, std::span<const KnownTime> known = {});

  /// The same as predict(soc, program), whatever is known and however many threads there are.
  Timeline of(const program::Program& program);

  /// Different kernels known so far.
  std::size_t size() const { return known_.size(); }

  /// Those that were not given but predicted here, by digest. Not beside of().
  std::vector<KnownTime> predicted() const;

 private:
  struct Entry {
    KernelTime time;
    bool given = false;
  };

  void predict_unknown(const program::Program& program);

  ascend::Soc soc_;
  tbb::concurrent_unordered_map<Digest, Entry, DigestHash> known_;
};

}  // namespace keel::simulator
