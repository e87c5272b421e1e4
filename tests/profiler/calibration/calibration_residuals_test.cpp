#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "compiler/base/random.h"
#include "profiler/calibration/residuals.h"

namespace keel::calibration {
namespace {

using simulator::TimingClass;

double normal(Rng& rng) {
  const double radius = std::sqrt(-2 * std::log(1 - rng.uniform()));
  return radius * std::cos(2 * std::numbers::pi * rng.uniform());
}

// 40 operators of 10 cases; `between` is the deviation of operators, `within` that of their cases.
std::vector<Residual> synthetic(double between, double within) {
  Rng rng(7);
  std::vector<Residual> residuals;
  for (int op = 0; op < 40; ++op) {
    const double of_operator = between * normal(rng);
    for (int i = 0; i < 10; ++i) {
      const double own = within * normal(rng);
      residuals.push_back({op % 2 == 0 ? TimingClass::Rows : TimingClass::Cube,
                           "op" + std::to_string(op), own, of_operator + own});
    }
  }
  return residuals;
}

TEST(Quantiles, AreConformal) {
  std::vector<double> values;
  for (int i = 1; i <= 99; ++i) values.push_back(i);
  EXPECT_EQ(quantiles(values), (std::array<double, 2>{5, 95}));
  EXPECT_EQ(quantiles({3, 1, 2}), (std::array<double, 2>{1, 3}));
}

TEST(Coverage, IsNineOfTenOfNewCasesAndOperators) {
  const Coverage coverage = coverage_of(synthetic(0.2, 0.3));
  EXPECT_EQ(coverage.cases, 400U);
  EXPECT_NEAR(coverage.by_case, 0.9, 0.02);
  EXPECT_NEAR(coverage.by_group, 0.9, 0.04);
  EXPECT_EQ(coverage_of(synthetic(0.2, 0.3), TimingClass::Rows).cases, 200U);
}

TEST(Errors, AreWiderForOperatorsThatWereNotMeasured) {
  const std::vector<ascend::TimingError> errors = errors_of(synthetic(0.3, 0.1));
  ASSERT_EQ(errors.size(), simulator::kTimingClasses);
  const ascend::TimingError& rows = errors[static_cast<std::size_t>(TimingClass::Rows)];
  EXPECT_EQ(rows.kernel_class, "rows");
  EXPECT_NEAR(rows.measured[1], 1.645 * 0.1, 0.03);
  EXPECT_NEAR(rows.unmeasured[1], 1.645 * std::hypot(0.3, 0.1), 0.25);
  EXPECT_LT(rows.unmeasured[0], rows.measured[0]);
}

TEST(Errors, SaySharesOfVarianceBetweenOperators) {
  const auto shared = [](double between, double within) {
    return errors_of(synthetic(between, within))[static_cast<std::size_t>(TimingClass::Cube)]
        .shared;
  };
  EXPECT_NEAR(shared(0.3, 0), 1, 1e-9);
  EXPECT_NEAR(shared(0, 0.3), 0.1, 0.06);  // means of ten keep a tenth
  EXPECT_NEAR(shared(0.3, 0.3), 0.5, 0.2);
}

TEST(Errors, OfAClassWithFewCasesAreThoseOfAll) {
  std::vector<Residual> residuals = synthetic(0.2, 0.3);
  residuals.push_back({TimingClass::Window, "pool", 5, 5});
  const std::vector<ascend::TimingError> errors = errors_of(residuals);
  EXPECT_EQ(errors[static_cast<std::size_t>(TimingClass::Window)].measured,
            errors[static_cast<std::size_t>(TimingClass::Recurrent)].measured);
}

}  // namespace
}  // namespace keel::calibration
