#include "profiler/simulator/interval.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "profiler/simulator/timing.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

ascend::Soc chip_with_errors(double shared) {
  ascend::Soc soc = chip_910b2();
  for (const TimingClass timing_class : {TimingClass::Elementwise, TimingClass::Rows})
    soc.timing.errors.push_back({.kernel_class = std::string(name(timing_class)),
                                 .measured = {std::log(0.9), std::log(1.2)},
                                 .unmeasured = {std::log(0.5), std::log(3)},
                                 .shared = shared});
  return soc;
}

std::string chain(int relus) {
  std::string text = "x: f16[64,64] = input\nv0 = Relu(x)\n";
  for (int i = 1; i < relus; ++i)
    text += "v" + std::to_string(i) + " = Relu(v" + std::to_string(i - 1) + ")\n";
  return text + "return v" + std::to_string(relus - 1) + "\n";
}

TEST(Interval, OfAKernelDependsOnWhetherItsSignatureWasMeasured) {
  ascend::Soc soc = chip_with_errors(0.5);
  const Timeline other = predict(soc, program_of(chain(1)));
  EXPECT_NEAR(other.interval.lo_us, 0.5 * other.total_us, 1e-9);
  EXPECT_NEAR(other.interval.hi_us, 3 * other.total_us, 1e-9);
  soc.timing.corrections = {{"Relu", 0}};
  const Timeline measured = predict(soc, program_of(chain(1)));
  EXPECT_NEAR(measured.interval.lo_us, 0.9 * measured.total_us, 1e-9);
  EXPECT_NEAR(measured.interval.hi_us, 1.2 * measured.total_us, 1e-9);
  EXPECT_EQ(measured.kernels[0].interval.hi_us, measured.interval.hi_us);
}

TEST(Interval, WhatKernelsHaveInCommonDoesNotAverageOut) {
  const auto width = [](double shared, int kernels) {
    const Timeline timeline = predict(chip_with_errors(shared), program_of(chain(kernels)));
    return (timeline.interval.hi_us - timeline.total_us) / timeline.total_us;
  };
  EXPECT_NEAR(width(1, 100), width(1, 1), 1e-9);
  EXPECT_NEAR(width(0, 100), width(0, 1) / 10, 1e-9);
  EXPECT_NEAR(width(0.5, 100), width(0, 1) * std::sqrt(0.5 + 0.5 / 100), 1e-9);
}

TEST(Interval, DifferentClassesAreIndependent) {
  const KernelError one{TimingClass::Elementwise, 3, 3, 1};
  const KernelError other{TimingClass::Rows, 4, 4, 1};
  EXPECT_DOUBLE_EQ(interval_of(0, std::array{one, other}).hi_us, 5);
  EXPECT_DOUBLE_EQ(interval_of(0, std::array{one, one}).hi_us, 6);
}

TEST(Interval, OfADifferenceCancelsWhatBothSidesHaveInCommon) {
  const KernelError one{TimingClass::Elementwise, 3, 3, 1};
  const KernelError more{TimingClass::Elementwise, 5, 5, 1};
  EXPECT_DOUBLE_EQ(interval_of(0, std::array{one}, std::array{one}).hi_us, 0);
  EXPECT_DOUBLE_EQ(interval_of(0, std::array{more}, std::array{one}).hi_us, 2);
  EXPECT_DOUBLE_EQ(interval_of(0, std::array{one}, std::array{more}).hi_us, 2);
  const KernelError alone{TimingClass::Elementwise, 3, 4, 0};
  const Interval apart = interval_of(0, std::array{alone}, std::array{alone});
  EXPECT_DOUBLE_EQ(apart.hi_us, 5);  // one above, the other below
  EXPECT_DOUBLE_EQ(apart.lo_us, -5);
}

TEST(Interval, OfTwoProgramsLeavesOutTheKernelsTheyShare) {
  const ascend::Soc soc = chip_with_errors(0.5);
  const program::Program three = program_of(chain(3));
  const program::Program two = program_of(chain(2));
  const Timeline one = predict(soc, program_of(chain(1)));
  const TimeDifference same = difference(soc, three, three);
  EXPECT_EQ(same.us, 0);
  EXPECT_EQ(same.interval.lo_us, 0);
  EXPECT_EQ(same.interval.hi_us, 0);
  const TimeDifference longer = difference(soc, three, two);
  EXPECT_NEAR(longer.us, one.total_us, 1e-9);
  EXPECT_NEAR(longer.interval.lo_us, one.interval.lo_us, 1e-9);
  EXPECT_NEAR(longer.interval.hi_us, one.interval.hi_us, 1e-9);
  const TimeDifference shorter = difference(soc, two, three);
  EXPECT_NEAR(shorter.us, -one.total_us, 1e-9);
  EXPECT_NEAR(shorter.interval.lo_us, -one.interval.hi_us, 1e-9);
}

}  // namespace
}  // namespace keel::simulator
