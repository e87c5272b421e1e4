#pragma once

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "profiler/accuracy/metrics.h"
#include "tuner/search/space.h"

namespace keel::engine {

/// What variants gave on the few samples they ran on, for when they run on all. Nothing but time
/// depends on it. Thread-safe.
class KnownScores {
 public:
  using Scores = std::vector<accuracy::SampleScore>;  ///< as Dataset::samples; without values: none

  void keep(const search::Assignment& x, Scores scores) {
    const std::lock_guard lock(mutex_);
    known_[x] = std::move(scores);
  }

  /// Empty where nothing is known. They are forgotten.
  Scores take(const search::Assignment& x) {
    const std::lock_guard lock(mutex_);
    auto found = known_.extract(x);
    return found ? std::move(found.mapped()) : Scores();
  }

 private:
  std::mutex mutex_;
  std::map<search::Assignment, Scores> known_;
};

}  // namespace keel::engine
