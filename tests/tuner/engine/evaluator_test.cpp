#include "tuner/engine/evaluator.h"

#include <gtest/gtest.h>

#include "tests/tuner/engine/bench_fixture.h"

namespace keel::engine {
namespace {

// The error of the exponential grows with its argument, so that every sample has its own.
TEST(Evaluator, ScoresEachSetOfSamplesByItself) {
  const BenchFixture fixture(
      "x: f32[4] = input\n"
      "y = Exp(x)\n"
      "return y\n",
      {0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1}, {2}, {3}});
  const Bench bench = fixture.bench();
  Job job;
  job.record.trial.assignment = search::Assignment(fixture.target().units.size(), 1);
  compile(bench, job);
  evaluate(bench, job, {});
  const auto scored = [&](const std::vector<std::size_t>& samples) {
    return must(score_samples(bench, job.record.trial.assignment, samples, {})).values[0];
  };
  EXPECT_EQ(job.record.ranking[0], scored({0, 1}));
  EXPECT_EQ(job.record.validation[0], scored({2}));
  EXPECT_NE(job.record.ranking[0], job.record.validation[0]);
}

}  // namespace
}  // namespace keel::engine
