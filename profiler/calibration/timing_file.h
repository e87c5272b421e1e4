#pragma once

#include <string>

#include "profiler/calibration/fit.h"

namespace keel::calibration {

/// What configs/timing/<name>.json says of a fit.
struct FitDescription {
  std::string name;          ///< of the file, "ascend910b"
  std::string measured_on;   ///< the chip
  std::string source;        ///< what the values were fitted on, one sentence
  std::string error_source;  ///< what relative_error was measured on
  Fitted fitted = Fitted::Operators910B2;
};

/// The text of the file, numbers with four significant digits; the schema is
/// configs/schema/timing.schema.json.
std::string timing_file(const FitDescription& description, const ascend::TimingParameters& timing);

/// The parameters as the file gives them back: with four significant digits.
ascend::TimingParameters rounded(ascend::TimingParameters timing);

}  // namespace keel::calibration
