#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "profiler/calibration/precision_pair.h"
#include "profiler/calibration/residuals.h"

namespace keel::calibration {

/// A pair and what fits say that saw no case of its operator.
struct PredictedPair {
  std::string name;  ///< "sigmoid [8192,8192] f32 / f16"
  double measured_ratio = 0;
  double predicted_ratio = 0;
};

/// Everything one run of the calibration finds.
struct Calibration {
  ascend::Soc soc;  ///< with the fitted timing, as its file gives it back
  std::vector<MeasuredCase> cases;
  std::vector<std::string> left_out;  ///< operators no kernels are known for, with their cases
  CrossValidation validation;
  std::vector<Residual> residuals;
  std::vector<PredictedPair> pairs;
};

/// Cases of operators, in the order of the files, of what vendor_kernels() knows.
/// \param left_out  the others are appended
/// \error InvalidModel  a builder wrote a text that is no kernel
Result<std::vector<MeasuredCase>> operator_cases(const ascend::Soc& soc,
                                                 const std::vector<OperatorRow>& rows);

/// \param measurements  the folder of op_latency_910b2.json and precision_pairs.json
/// \error NotReadable   a file is not there: `fix` names the folder to give
/// \error InvalidConfig, InvalidModel  from reading them
Result<Calibration> calibrate(const ascend::Soc& soc, const std::filesystem::path& measurements);

}  // namespace keel::calibration
