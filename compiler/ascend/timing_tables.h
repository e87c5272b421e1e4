#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "compiler/ascend/timing_parameters.h"
#include "compiler/base/result.h"

namespace keel::ascend {

/// The parts of configs/timing/<model>.json that are not single numbers.
struct TimingTables {
  std::vector<TimingCorrection> corrections;  ///< in the order of the file
  std::vector<TimingError> errors;
};

/// \param text  the content of `file`
/// \error InvalidConfig  a correction is not a finite number; an error lacks a quantile, has them
///                       in the wrong order or a shared part outside 0..1
Result<TimingTables> read_timing_tables(std::string_view text, const std::filesystem::path& file);

}  // namespace keel::ascend
