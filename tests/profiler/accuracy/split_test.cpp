#include "profiler/accuracy/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace keel::accuracy {
namespace {

using Samples = std::vector<std::size_t>;

bool operator==(const Split& a, const Split& b) {
  return a.ranking == b.ranking && a.validation == b.validation && a.hold_out == b.hold_out;
}

TEST(Split, DealsEverySampleOnceAndSorted) {
  for (std::size_t count = 0; count < 100; ++count) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const Split split = split_samples(count, seed);
      for (const Samples& part : {split.ranking, split.validation, split.hold_out})
        EXPECT_TRUE(std::ranges::is_sorted(part));
      Samples all = split.ranking;
      if (count >= 24) all.insert(all.end(), split.validation.begin(), split.validation.end());
      all.insert(all.end(), split.hold_out.begin(), split.hold_out.end());
      std::ranges::sort(all);
      ASSERT_EQ(all.size(), count);
      for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(all[i], i);
    }
  }
}

TEST(Split, ValidatesOnWhatItRanksWithFewSamples) {
  for (std::size_t count = 0; count < 24; ++count) {
    const Split split = split_samples(count, 1);
    EXPECT_EQ(split.ranking, split.validation) << count;
    EXPECT_EQ(split.hold_out.size(), count < 8 ? 0 : count / 2) << count;
  }
}

TEST(Split, HalvesAndQuartersManySamples) {
  for (std::size_t count = 24; count < 100; ++count) {
    const Split split = split_samples(count, 1);
    EXPECT_EQ(split.ranking.size(), count / 2);
    EXPECT_EQ(split.validation.size(), count / 4);
    EXPECT_GE(split.hold_out.size(), count / 4);
    EXPECT_LE(split.hold_out.size(), count / 4 + 2);
  }
}

TEST(Split, IsTheSameOnEveryMachine) {
  const Split split = split_samples(24, 7);
  EXPECT_EQ(split.ranking, (Samples{2, 4, 6, 7, 9, 10, 11, 12, 18, 19, 20, 22}));
  EXPECT_EQ(split.validation, (Samples{1, 5, 8, 13, 16, 23}));
  EXPECT_EQ(split.hold_out, (Samples{0, 3, 14, 15, 17, 21}));
}

TEST(Split, DependsOnTheSeed) {
  EXPECT_NE(split_samples(24, 7).hold_out, split_samples(24, 8).hold_out);
}

TEST(Split, PutsASampleInTheHoldOutAsOftenAsAnyOther) {
  std::vector<int> held_out(32);
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    for (const std::size_t sample : split_samples(32, seed).hold_out) ++held_out[sample];
  // Binomial(4000, 1/4): mean 1000, deviation 27; five deviations each way.
  for (const int count : held_out) EXPECT_NEAR(count, 1000, 137);
}

TEST(Split, IsTheSameInEveryThread) {
  const Split expected = split_samples(100, 3);
  std::vector<Split> found(8);
  {
    std::vector<std::jthread> threads;
    for (Split& split : found) threads.emplace_back([&split] { split = split_samples(100, 3); });
  }
  for (const Split& split : found) EXPECT_TRUE(split == expected);
}

}  // namespace
}  // namespace keel::accuracy
