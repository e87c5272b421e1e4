#include "profiler/simulator/kernel_times.h"

#include <gtest/gtest.h>

#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

constexpr std::string_view kTwice =
    "x: f32[64,256] = input\n"
    "a = Softmax(x) axis=1\n"
    "b = Softmax(a) axis=1\n"
    "c = Cast(b) to=f16\n"
    "d = Softmax(c) axis=1\n"
    "return d\n";

TEST(KernelTimes, LooksUpAKernelWhoseEqualWasMet) {
  KernelTimes times(chip_910b2());
  const program::Program program = program_of(std::string(kTwice));
  ASSERT_EQ(program.kernels.size(), 4u);
  const Timeline timeline = times.of(program);
  EXPECT_EQ(times.size(), 3u);
  EXPECT_EQ(timeline.kernels[0].total_us, timeline.kernels[1].total_us);
  EXPECT_NE(timeline.kernels[0].total_us, timeline.kernels[3].total_us);
  times.of(program);
  EXPECT_EQ(times.size(), 3u);
}

TEST(KernelTimes, AreThoseOfPredict) {
  const ascend::Soc soc = chip_910b2();
  KernelTimes times(soc);
  const program::Program program = program_of(std::string(kTwice));
  const Timeline predicted = predict(soc, program);
  for (int turn = 0; turn < 2; ++turn) {
    const Timeline looked_up = times.of(program);
    EXPECT_EQ(looked_up.total_us, predicted.total_us);
    EXPECT_EQ(looked_up.interval.lo_us, predicted.interval.lo_us);
    for (std::size_t k = 0; k < program.kernels.size(); ++k)
      EXPECT_EQ(looked_up.kernels[k].total_us, predicted.kernels[k].total_us) << k;
  }
}

}  // namespace
}  // namespace keel::simulator
