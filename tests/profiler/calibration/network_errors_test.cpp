#include "profiler/calibration/network_errors.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>

#include "profiler/simulator/timing.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::calibration {
namespace {

constexpr const char* kProduct =
    "a: f16[512,512] = input\nb: f16[512,512] = input\ny = MatMul(a, b) compute=f16\nreturn y\n";
constexpr const char* kSine = "x: f16[1024,512] = input\ny = Sin(x)\nreturn y\n";

// A network whose measured time is `ratio` of the predicted.
MeasuredNetwork network(const ascend::Soc& soc, const std::string& model,
                        const std::vector<std::string>& kernels, double ratio) {
  Result<MeasuredCase> made = case_of(soc, model + "/1", model, 1, kernels);
  KEEL_CHECK(made.ok());
  made->measured_us = ratio * predicted_us(soc, *made);
  return {model, "family", *std::move(made)};
}

CrossValidation predicted_as_fitted(const ascend::Soc& soc,
                                    const std::vector<MeasuredNetwork>& networks) {
  CrossValidation validation;
  for (const MeasuredNetwork& one : networks)
    validation.by_group.push_back(predicted_us(soc, one.measured));
  return validation;
}

// Ratios 0.81, 0.83, ... 1.19, each of a model of its own.
std::vector<MeasuredNetwork> spread(const ascend::Soc& soc,
                                    const std::vector<std::string>& kernels) {
  std::vector<MeasuredNetwork> networks;
  for (int i = -19; i <= 19; i += 2)
    networks.push_back(network(soc, "model" + std::to_string(i), kernels, 1 + 0.01 * i));
  return networks;
}

TEST(NetworkErrors, AreTheQuantilesOfProgramsOfOneClass) {
  const ascend::Soc soc = simulator::chip_310p3();
  const std::vector<MeasuredNetwork> networks = spread(soc, {kProduct});
  const std::vector<ascend::TimingError> errors =
      network_errors(soc, networks, predicted_as_fitted(soc, networks));
  ASSERT_EQ(errors.size(), simulator::kTimingClasses);
  for (const ascend::TimingError& error : errors) {
    EXPECT_NEAR(std::exp(error.unmeasured[0]), 0.81, 1e-9) << error.kernel_class;
    EXPECT_NEAR(std::exp(error.unmeasured[1]), 1.19, 1e-9) << error.kernel_class;
    EXPECT_EQ(error.shared, 1) << error.kernel_class;
  }
}

TEST(NetworkErrors, GiveProgramsTheIntervalThatTheNetworksShow) {
  ascend::Soc soc = simulator::chip_310p3();
  const std::vector<MeasuredNetwork> networks = spread(soc, {kProduct, kSine});
  soc.timing.errors = network_errors(soc, networks, predicted_as_fitted(soc, networks));
  double total_us = 0;
  std::vector<simulator::KernelError> errors;
  for (const CaseKernel& kernel : networks[0].measured.kernels) {
    const double us = simulator::time_of(soc, kernel.work).total_us;
    total_us += us;
    errors.push_back(simulator::error_of(soc.timing, kernel.work.timing_class, false, us));
  }
  ASSERT_EQ(errors.size(), 2U);
  const simulator::Interval interval = simulator::interval_of(total_us, errors);
  EXPECT_NEAR(interval.lo_us / total_us, 0.81, 1e-9);
  EXPECT_NEAR(interval.hi_us / total_us, 1.19, 1e-9);
}

TEST(NetworkErrors, CoverageIsCountedWithoutTheModelItself) {
  const ascend::Soc soc = simulator::chip_310p3();
  std::vector<MeasuredNetwork> networks = spread(soc, {kProduct});
  // Without itself, the fastest and the slowest are outside of what the others show.
  EXPECT_DOUBLE_EQ(network_coverage(soc, networks, predicted_as_fitted(soc, networks)), 18.0 / 20);
  for (MeasuredNetwork& one : networks) one.measured.group = "one model";
  networks.push_back(network(soc, "another", {kProduct}, 1.06));
  EXPECT_DOUBLE_EQ(network_coverage(soc, networks, predicted_as_fitted(soc, networks)), 1.0 / 21)
      << "only the other model has rows to compare with that hold it";
}

}  // namespace
}  // namespace keel::calibration
