#include "profiler/simulator/kernel_times.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include "profiler/simulator/model_digest.h"
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

// Different products one after the other, each a kernel whose tiles must be searched.
std::string products(int count) {
  std::string text = "x0: f16[33,16] = input\n";
  for (int i = 0; i < count; ++i) {
    const std::string from = std::to_string(i), to = std::to_string(i + 1);
    const auto extent = [](int at) { return std::to_string(16 + 37 * at % 1000); };
    text += "w" + from + ": f16[" + extent(i) + "," + extent(i + 1) + "] = constant splat(1)\n";
    text += "x" + to + ": f16[33," + extent(i + 1) + "] = MatMul(x" + from + ", w" + from +
            ") compute=f16\n";
  }
  return text + "return x" + std::to_string(count) + "\n";
}

bool same(const KernelTime& a, const KernelTime& b) {
  return a.launch_us == b.launch_us && a.cube_us == b.cube_us && a.vector_us == b.vector_us &&
         a.memory_us == b.memory_us && a.relayout_us == b.relayout_us && a.total_us == b.total_us &&
         a.bound == b.bound && a.interval.lo_us == b.interval.lo_us &&
         a.interval.hi_us == b.interval.hi_us && a.error.timing_class == b.error.timing_class &&
         a.error.below_us == b.error.below_us && a.error.above_us == b.error.above_us &&
         a.error.shared == b.error.shared;
}

TEST(KernelTimes, AreTheSameBitsWhateverTheNumberOfThreads) {
  const ascend::Soc soc = chip_910b2();
  const program::Program program = program_of(products(300));
  const Timeline predicted = predict(soc, program);
  for (const std::size_t threads : {1U, 2U, 4U, 8U}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    KernelTimes times(soc);
    const Timeline looked_up = times.of(program);
    EXPECT_EQ(looked_up.total_us, predicted.total_us) << threads;
    EXPECT_EQ(times.size(), 300U);
    for (std::size_t k = 0; k < program.kernels.size(); ++k)
      ASSERT_TRUE(same(looked_up.kernels[k], predicted.kernels[k])) << threads << ": " << k;
  }
}

TEST(KernelTimes, AreTheSameBitsWhereProgramsAreTimedAtOnce) {
  const ascend::Soc soc = chip_910b2();
  const program::Program program = program_of(products(100));
  const double predicted_us = predict(soc, program).total_us;
  KernelTimes times(soc);
  std::vector<double> totals(50);
  tbb::parallel_for(std::size_t{0}, totals.size(),
                    [&](std::size_t i) { totals[i] = times.of(program).total_us; });
  EXPECT_EQ(totals, std::vector<double>(50, predicted_us));
}

TEST(KernelTimes, TakeThoseThatAreGiven) {
  const program::Program program = program_of(std::string(kTwice));
  KernelTimes first(chip_910b2());
  const Timeline timeline = first.of(program);
  std::vector<KnownTime> known = first.predicted();
  ASSERT_EQ(known.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(known, {}, &KnownTime::kernel));

  KernelTimes second(chip_910b2(), known);
  EXPECT_EQ(second.of(program).total_us, timeline.total_us);
  EXPECT_TRUE(second.predicted().empty()) << "none of them is new";

  const KnownTime lost = known.back();
  known.pop_back();
  known.front().time.total_us += 1000;
  KernelTimes third(chip_910b2(), known);
  EXPECT_GE(third.of(program).total_us, timeline.total_us + 999) << "a given time is not looked at";
  ASSERT_EQ(third.predicted().size(), 1U);
  EXPECT_EQ(third.predicted()[0].kernel, lost.kernel);
  EXPECT_TRUE(same(third.predicted()[0].time, lost.time));
}

TEST(ModelDigest, IsThatOfTheSheetAndTheBuild) {
  ascend::Soc soc = chip_910b2();
  soc.digest = {1, 2};
  const Digest digest = model_digest(soc);
  EXPECT_EQ(model_digest(soc), digest);
  EXPECT_NE(digest, soc.digest);
  soc.digest = {1, 3};
  EXPECT_NE(model_digest(soc), digest);
}

}  // namespace
}  // namespace keel::simulator
