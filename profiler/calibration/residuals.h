#pragma once

#include <array>
#include <vector>

#include "profiler/calibration/cross_validation.h"

namespace keel::calibration {

/// How far one case is from its prediction.
struct Residual {
  simulator::TimingClass timing_class = simulator::TimingClass::Elementwise;
  std::string group;
  double by_case = 0;   ///< log(measured / predicted), case left out
  double by_group = 0;  ///< the same, operator left out
};

std::vector<Residual> residuals_of(const ascend::Soc& soc, const std::vector<MeasuredCase>& cases,
                                   const CrossValidation& validation);

/// The 5 % and 95 % conformal quantiles: of n values the k-th largest with k = floor((n + 1) / 20),
/// and the k-th smallest, the extreme ones where n is below 19. \pre not empty
std::array<double, 2> quantiles(std::vector<double> values);

/// Classes with fewer cases take the quantiles of all.
constexpr std::size_t kFewestCases = 19;

/// Quantiles of each class, and the share of the variance that lies between operators: errors of
/// kernels of one class have it in common. In the order of simulator::TimingClass.
std::vector<ascend::TimingError> errors_of(const std::vector<Residual>& residuals);

/// Share of the residuals inside the quantiles of the others: by case leaves the case itself out of
/// them, by group all of its operator.
struct Coverage {
  double by_case = 0;
  double by_group = 0;
  std::size_t cases = 0;
};
Coverage coverage_of(const std::vector<Residual>& residuals);
/// The same, counted over the cases of one class.
Coverage coverage_of(const std::vector<Residual>& residuals, simulator::TimingClass timing_class);

}  // namespace keel::calibration
