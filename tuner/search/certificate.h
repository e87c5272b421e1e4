#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// A bound on something that grows with the squared error, and what the trials measured of it.
struct MeasuredBound {
  double limit;                  ///< the largest that is allowed, above 0
  std::vector<double> measured;  ///< one a trial; NaN where it was not measured
};

/// How much faster than a trial the fastest assignment may be that meets a bound, as far as the
/// models know: nothing is said of assignments about which the error model is wrong by more than
/// it was on the verified ones.
struct Certificate {
  double verified_us = 0;  ///< of the trial
  double bound_us = 0;     ///< least latency of what the error model lets meet the bound
  /// Measured over predicted on verified trials of the front: the median, and the ends, which say
  /// how far the error model is off.
  double ratio = 1, least_ratio = 1, largest_ratio = 1;
  std::size_t verified = 0;        ///< trials of the front the ratio is of
  double latency_residual_us = 0;  ///< largest by which a trial was faster than the times predict
  bool is_closed = false;          ///< the search for the bound came to its end
  std::size_t cuts = 0;            ///< minimum cuts it took
  double gap() const { return verified_us / bound_us - 1; }
};

/// Fitted to the trials, with the units that were pinned kept. The bound is that of
/// latency_bound(), where the error model is taken to predict too much by as much as it ever did on
/// verified trials, less the largest latency residual. Empty: `trial` misses the bound, or no trial
/// of the front tells how the measured goes with the predicted. \param trials  in order, all of
/// them
std::optional<Certificate> certificate(const Space& space, const std::vector<Trial>& trials,
                                       const Trial& trial, const MeasuredBound& bound);

}  // namespace keel::search
