#pragma once

#include <atomic>
#include <stop_token>
#include <vector>

#include "profiler/accuracy/metrics.h"
#include "profiler/device/device.h"
#include "tuner/engine/bench.h"

namespace keel::engine {

struct SamplesRun {
  std::vector<accuracy::SampleScore> scores;  ///< as Dataset::samples, empty for those not run
  std::vector<std::vector<Tensor>> outputs;   ///< likewise, of those to keep
};

/// Runs samples of one variant and scores them.
class SampleRunner {
 public:
  /// \param keep  sorted: whose outputs are wanted
  /// \param expects_reuse  see program::Sharing
  /// \param known  scores of samples that need not run, unless their outputs are wanted
  SampleRunner(const Bench& bench, device::Executable& executable, std::vector<std::size_t> keep,
               bool expects_reuse, const std::stop_token& stop, KnownScores::Scores known = {});

  /// In parallel in the caller's arena.
  /// \error DeviceFailed  a sample could not be run, or the run was stopped
  Status run(const std::vector<std::size_t>& samples);

  SamplesRun& result() { return result_; }
  double seconds() const { return seconds_; }  ///< of processor time, whichever thread took them

 private:
  Status run_one(std::size_t sample);
  bool is_known(std::size_t sample) const;

  const Bench& bench_;
  device::Executable& executable_;
  std::vector<std::size_t> keep_;
  bool expects_reuse_;
  const std::stop_token& stop_;
  KnownScores::Scores known_;
  SamplesRun result_;
  std::atomic<double> seconds_ = 0;
};

}  // namespace keel::engine
