#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "tuner/search/strategy.h"

namespace keel::engine {

/// How long evaluations took, by phase: processor time of single threads, summed over samples, so
/// that trials which share results show as cheaper than the first one, which shares none.
/// Thread-safe.
class EvaluationTimes {
 public:
  struct Sum {
    std::uint64_t trials = 0;
    double seconds = 0;
  };

  void add(std::uint64_t trial, search::Phase phase, double seconds) {
    const std::lock_guard lock(mutex_);
    if (trial == 0) first_trial_seconds_ = seconds;
    Sum& sum = phases_[static_cast<std::size_t>(phase)];
    ++sum.trials;
    sum.seconds += seconds;
  }

  Sum of(search::Phase phase) const {
    const std::lock_guard lock(mutex_);
    return phases_[static_cast<std::size_t>(phase)];
  }
  double first_trial_seconds() const {
    const std::lock_guard lock(mutex_);
    return first_trial_seconds_;
  }

 private:
  mutable std::mutex mutex_;
  std::array<Sum, static_cast<std::size_t>(search::Phase::Refine) + 1> phases_{};
  double first_trial_seconds_ = 0;
};

}  // namespace keel::engine
