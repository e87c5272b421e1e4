#pragma once

#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// The squared error that a Partial trial would show on all ranking samples: all kept's, and what
/// it adds to all kept's on the probing samples, times how much more the anchor of most error
/// shows on all ranking samples than on those: of those without a cliff, where there are any.
class ProbingScale {
 public:
  ProbingScale(const Space& space, const std::vector<Trial>& trials);

  /// As measured, but of a Partial trial; NaN where all kept did not run.
  double squared_error(const Outcome& outcome) const;

 private:
  double kept_;          ///< on all ranking samples
  double kept_probing_;  ///< on the probing samples
  double scale_ = 1;
};

/// `trials` with that error for Partial ones, which are left out where the same assignment was run
/// in full, and miss what a Rejected one of the same assignment missed on more samples.
std::vector<Trial> with_probing_scaled(const Space& space, const std::vector<Trial>& trials);

}  // namespace keel::search
