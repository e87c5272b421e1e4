#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiler/calibration/fit.h"

namespace keel::calibration {

/// Times each case is predicted to take by fits that did not see it, in microseconds, in the order
/// of the cases.
struct CrossValidation {
  std::vector<double> by_case;   ///< left out with a tenth of all cases, chosen by hash of the id
  std::vector<double> by_group;  ///< left out with all cases of its operator
  std::map<std::string, ascend::TimingParameters> without;  ///< the fit without each group
};

constexpr std::uint64_t kFolds = 10;

CrossValidation cross_validate(const ascend::Soc& soc, const std::vector<MeasuredCase>& cases,
                               Fitted fitted);

/// Mean and median of |predicted / measured - 1|, and Spearman's rank correlation, ties sharing
/// the mean of their ranks.
struct Accuracy {
  double mean = 0;
  double median = 0;
  double spearman = 0;
};
Accuracy accuracy(const std::vector<double>& predicted, const std::vector<double>& measured);

}  // namespace keel::calibration
