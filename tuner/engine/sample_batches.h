#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "tuner/engine/batched_model.h"
#include "tuner/engine/bench.h"
#include "tuner/search/space.h"

namespace keel::engine {

/// Whether types and every bit are.
bool are_equal(std::span<const Tensor> a, std::span<const Tensor> b);

/// Samples in lists that trials run as a whole, those first that a refinement runs first.
std::vector<std::vector<std::size_t>> batch_lists(const Bench& bench);

/// Which samples trials execute at once.
class SampleBatches {
 public:
  struct Batch {
    std::vector<std::size_t> samples;  ///< up to size(), as Dataset::samples
    std::vector<Tensor> inputs;
  };

  /// \param time_ratio  of a sample in a batch over one alone
  SampleBatches(BatchedModel model, double time_ratio, const Bench& bench);

  std::size_t size() const { return model_.size(); }
  double time_ratio() const { return time_ratio_; }

  Result<std::unique_ptr<BatchedProgram>> compile(const Bench& bench,
                                                  const search::Assignment& assignment) const;

  /// Batches of which so many samples are asked for that executing the whole one is faster.
  /// \param samples  sorted
  std::vector<const Batch*> worth(const std::vector<std::size_t>& samples) const;

  /// False once a trial had other bits in a batch: from then on there are none.
  bool are_trusted() const { return trusted_; }
  void distrust() const { trusted_ = false; }

 private:
  BatchedModel model_;
  double time_ratio_;
  std::vector<Batch> batches_;  // of samples that trials run together as a rule
  mutable std::atomic<bool> trusted_ = true;
};

}  // namespace keel::engine
