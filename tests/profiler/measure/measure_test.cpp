#include "profiler/measure/measure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "compiler/base/random.h"

namespace keel::measure {
namespace {

// Execution n takes n microseconds; one of them may fail.
class SlowingExecutable final : public device::Executable {
 public:
  Result<std::vector<Tensor>> run(std::span<const Tensor>, const program::Sharing&) override {
    return std::vector<Tensor>{};
  }

  Result<device::Microseconds> time(std::span<const Tensor>) override {
    ++executions;
    if (executions == fails_at) return Error{ErrorCode::DeviceFailed, "a timeout", "", ""};
    return device::Microseconds{static_cast<double>(executions)};
  }

  int executions = 0;
  std::optional<int> fails_at;
};

class SlowingDevice final : public device::Device {
 public:
  explicit SlowingDevice(bool deterministic_time)
      : capabilities_{.name = "slowing", .deterministic_time = deterministic_time} {}

  const device::Capabilities& capabilities() const override { return capabilities_; }

  Result<std::unique_ptr<device::Executable>> load(
      std::shared_ptr<const program::Program>) override {
    return std::unique_ptr<device::Executable>(std::make_unique<SlowingExecutable>());
  }

 private:
  device::Capabilities capabilities_;
};

std::vector<double> one_to(int last) {
  std::vector<double> samples(static_cast<std::size_t>(last));
  std::iota(samples.begin(), samples.end(), 1.0);
  return samples;
}

TEST(LatencySummary, OfOneSampleIsThatSample) {
  const Latency latency = summarise({7});
  EXPECT_EQ(latency.median_us, 7);
  EXPECT_EQ(latency.min_us, 7);
  EXPECT_EQ(latency.p99_us, 7);
}

TEST(LatencySummary, MedianOfAnEvenCountIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(summarise({8, 1, 4, 2}).median_us, 3);
  EXPECT_EQ(summarise({8, 1, 4}).median_us, 4);
}

TEST(LatencySummary, P99IsTheNearestRank) {
  EXPECT_EQ(summarise(one_to(99)).p99_us, 99);
  EXPECT_EQ(summarise(one_to(100)).p99_us, 99);
  EXPECT_EQ(summarise(one_to(101)).p99_us, 100);
  EXPECT_EQ(summarise(one_to(200)).p99_us, 198);
}

TEST(LatencySummary, KeepsTheOrderOfMeasurement) {
  EXPECT_EQ(summarise({8, 1, 4}).samples_us, (std::vector<double>{8, 1, 4}));
}

TEST(LatencySummary, AgreesWithTheDefinitionsOnRandomSamples) {
  Rng rng(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> samples(1 + rng.below(300));
    for (double& sample : samples) sample = static_cast<double>(rng.below(50));
    const Latency latency = summarise(samples);
    const auto not_above = [&](double bound) {
      return static_cast<std::size_t>(
          std::ranges::count_if(samples, [&](double sample) { return sample <= bound; }));
    };
    EXPECT_GE(100 * not_above(latency.p99_us), 99 * samples.size());
    EXPECT_LT(100 * not_above(latency.p99_us - 0.5), 99 * samples.size());
    EXPECT_EQ(latency.min_us, *std::ranges::min_element(samples));
    EXPECT_GE(2 * not_above(latency.median_us), samples.size());
    EXPECT_LE(2 * not_above(latency.median_us - 0.75), samples.size());
  }
}

TEST(Measure, WarmUpIsNotCounted) {
  const SlowingDevice device(false);
  SlowingExecutable executable;
  const Result<Latency> latency = measure(device, executable, {}, {.warm_up = 3, .repeats = 5});
  ASSERT_TRUE(latency.ok());
  EXPECT_EQ(latency->samples_us, (std::vector<double>{4, 5, 6, 7, 8}));
  EXPECT_EQ(latency->median_us, 6);
  EXPECT_EQ(executable.executions, 8);
}

TEST(Measure, ADeterministicDeviceIsTimedOnce) {
  const SlowingDevice device(true);
  SlowingExecutable executable;
  const Result<Latency> latency = measure(device, executable, {}, {});
  ASSERT_TRUE(latency.ok());
  EXPECT_EQ(latency->samples_us, std::vector<double>{1});
  EXPECT_EQ(executable.executions, 1);
}

TEST(Measure, AFailedExecutionIsReportedWhereverItHappens) {
  const SlowingDevice device(false);
  for (const int fails_at : {1, 3, 4, 8}) {
    SlowingExecutable executable;
    executable.fails_at = fails_at;
    const Result<Latency> latency = measure(device, executable, {}, {.warm_up = 3, .repeats = 5});
    ASSERT_FALSE(latency.ok());
    EXPECT_EQ(latency.error().code, ErrorCode::DeviceFailed);
    EXPECT_EQ(executable.executions, fails_at);
  }
}

}  // namespace
}  // namespace keel::measure
