#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <vector>

#include "profiler/accuracy/metrics.h"
#include "profiler/device/device.h"
#include "tuner/engine/bench.h"
#include "tuner/engine/sample_batches.h"

namespace keel::engine {

struct SamplesRun {
  std::vector<accuracy::SampleScore> scores;  ///< as Dataset::samples, empty for those not run
  std::vector<std::vector<Tensor>> outputs;   ///< likewise, of those to keep
};

/// Runs samples of one variant and scores them.
class SampleRunner {
 public:
  /// \param assignment  what `executable` is a variant of; outlives this
  /// \param keep  sorted: whose outputs are wanted
  /// \param expects_reuse  see program::Sharing
  /// \param known  scores of samples that need not run, unless their outputs are wanted
  SampleRunner(const Bench& bench, const search::Assignment& assignment,
               device::Executable& executable, std::vector<std::size_t> keep, bool expects_reuse,
               const std::stop_token& stop, KnownScores::Scores known = {});

  /// In parallel in the caller's arena, several at once where the bench has batches worth it.
  /// \error DeviceFailed  a sample could not be run, or the run was stopped
  Status run(const std::vector<std::size_t>& samples);

  SamplesRun& result() { return result_; }
  double seconds() const { return seconds_; }  ///< of processor time, whichever thread took them

 private:
  Status run_one(std::size_t sample);
  bool is_known(std::size_t sample) const;
  void run_batches(const std::vector<std::size_t>& samples);
  bool agrees(const SampleBatches::Batch& batch);

  const Bench& bench_;
  const search::Assignment& assignment_;
  device::Executable& executable_;
  std::vector<std::size_t> keep_;
  bool expects_reuse_;
  const std::stop_token& stop_;
  KnownScores::Scores known_;
  SamplesRun result_;
  std::unique_ptr<const BatchedProgram> program_;  // made when it is first worth it
  std::vector<std::vector<Tensor>> batched_;       // outputs of samples that nobody asked for yet
  bool is_checked_ = false;                        // against a sample alone
  std::atomic<double> seconds_ = 0;
};

}  // namespace keel::engine
