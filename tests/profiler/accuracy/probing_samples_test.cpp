#include "profiler/accuracy/probing_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

SampleScore score_of(double squared_error, bool non_finite = false) {
  SampleScore score;
  score.squared_relative_l2 = squared_error;
  score.non_finite = non_finite;
  return score;
}

// The ranking samples are the first ones.
Split split_of(std::size_t ranking, std::size_t validation) {
  Split split;
  for (std::size_t s = 0; s < ranking; ++s) split.ranking.push_back(s);
  for (std::size_t s = 0; s < validation; ++s) split.validation.push_back(ranking + s);
  return split;
}

bool holds(const ProbingSamples& probing, std::size_t sample) {
  return std::ranges::find(probing.samples, sample) != probing.samples.end();
}

TEST(ProbingSamples, StandForEveryRankingSampleOnce) {
  for (const std::size_t ranking : {12, 13, 24, 31, 100}) {
    const Split split = split_of(ranking, ranking / 2);
    std::vector<SampleScore> scores;
    for (std::size_t s = 0; s < ranking + ranking / 2; ++s)
      scores.push_back(score_of(static_cast<double>(s)));
    const ProbingSamples probing = choose_probing(split, scores);
    ASSERT_EQ(probing.samples.size(), 8u) << ranking;
    EXPECT_TRUE(std::ranges::is_sorted(probing.samples));
    EXPECT_LT(probing.samples.back(), ranking);
    EXPECT_DOUBLE_EQ(std::accumulate(probing.weights.begin(), probing.weights.end(), 0.0),
                     static_cast<double>(ranking));
  }
}

TEST(ProbingSamples, HoldTheWorstOnesEachForItself) {
  std::vector<SampleScore> scores(36, score_of(1e-6));
  scores[3] = score_of(0.5);
  scores[7] = score_of(std::numeric_limits<double>::quiet_NaN(), true);
  scores[20] = score_of(1e-9, true);
  const ProbingSamples probing = choose_probing(split_of(24, 12), scores);
  for (const std::size_t worst : {3, 7, 20}) {
    ASSERT_TRUE(holds(probing, worst)) << worst;
    const auto place = std::ranges::find(probing.samples, worst) - probing.samples.begin();
    EXPECT_EQ(probing.weights[static_cast<std::size_t>(place)], 1) << worst;
  }
}

// A plain mean over eight samples out of twenty-four is off by a factor of three whenever it has
// or lacks the one that counts.
TEST(ProbingSamples, EstimateAHeavyTailedMean) {
  Rng rng(5);
  for (int round = 0; round < 20; ++round) {
    std::vector<SampleScore> lowered, probe;
    double mean = 0;
    for (std::size_t s = 0; s < 36; ++s) {
      const double error = std::pow(10, -6 + 5 * std::pow(rng.uniform(), 4));
      lowered.push_back(score_of(error));
      probe.push_back(score_of(error * (0.05 + 0.02 * rng.uniform())));
      if (s < 24) mean += probe.back().squared_relative_l2 / 24;
    }
    const ProbingSamples probing = choose_probing(split_of(24, 12), lowered);
    EXPECT_NEAR(probing.mean_squared_error(probe) / mean, 1, 0.25) << round;
  }
}

TEST(ProbingSamples, AreNoneWhereFewSamplesRun) {
  const std::vector<SampleScore> scores(40, score_of(1e-4));
  EXPECT_TRUE(choose_probing(split_of(10, 5), scores).empty());
  EXPECT_TRUE(choose_probing(split_of(8, 20), scores).empty());
  Split same = split_of(12, 0);
  same.validation = same.ranking;
  EXPECT_TRUE(choose_probing(same, scores).empty());
  EXPECT_FALSE(choose_probing(split_of(12, 6), scores).empty());
}

}  // namespace
}  // namespace keel::accuracy
