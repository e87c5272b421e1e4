#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "profiler/calibration/operator_row.h"

namespace keel::calibration {

/// The same operator measured in two dtypes on one chip.
struct PrecisionPair {
  OperatorRow first;  ///< measured_us is 1 where only the ratio was published
  OperatorRow second;
  double measured_ratio = 0;  ///< time of the second over that of the first
};

/// \param text  of precision_pairs.json; rows of other chips, of models and without a shape are
///              left out
/// \error InvalidConfig  it is not JSON of that form
Result<std::vector<PrecisionPair>> read_precision_pairs(std::string_view text,
                                                        const std::string& file,
                                                        std::string_view chip);

}  // namespace keel::calibration
