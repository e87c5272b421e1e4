#pragma once

#include <cstdint>

namespace keel::report {

/// From a trial of the front to the next, which takes longer in predicted time.
struct FrontStep {
  std::uint64_t from = 0, to = 0;  ///< trial numbers
  double us = 0;                   ///< how much longer the second takes
  double lo_us = 0, hi_us = 0;     ///< where that lies in nine of ten cases

  /// Whether it is known in nine of ten cases that the second takes longer.
  bool is_told_apart() const { return lo_us > 0; }
};

}  // namespace keel::report
