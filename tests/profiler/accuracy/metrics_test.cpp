#include "profiler/accuracy/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>

#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

Tensor row(const std::vector<float>& values) {
  return make_f32({1, static_cast<std::int64_t>(values.size())}, values);
}

double metric_of(std::string_view name, const std::vector<Tensor>& outputs,
                 const std::vector<Tensor>& reference, std::optional<std::int64_t> label = {}) {
  const auto index = static_cast<std::size_t>(find_metric(name) - metrics().data());
  return score({outputs, reference, label}).values[index];
}

double over_samples(std::string_view name, const std::vector<double>& values) {
  return find_metric(name)->over_samples(values);
}

TEST(Metrics, AreFoundByNameOnly) {
  for (const Metric& metric : metrics()) EXPECT_EQ(find_metric(metric.name), &metric);
  EXPECT_EQ(find_metric("psnr"), nullptr);
  EXPECT_EQ(find_metric(""), nullptr);
}

// A new metric meets these by being in the table.
TEST(Metrics, ScoreAnExactResultAsBest) {
  const std::vector<Tensor> reference = {row({0.25f, 3, -1}), row({2, 1})};
  const std::vector<double> values = score({reference, reference, 1}).values;
  ASSERT_EQ(values.size(), metrics().size());
  for (std::size_t m = 0; m < values.size(); ++m)
    EXPECT_EQ(values[m], metrics()[m].best) << metrics()[m].name;
}

TEST(Metrics, ScoreANanAsWorseThanAnyBoundAllows) {
  const std::vector<Tensor> reference = {row({1, 2})};
  const std::vector<Tensor> broken = {row({NAN, 2})};
  const SampleScore scored = score({broken, reference, 1});
  for (std::size_t m = 0; m < metrics().size(); ++m) {
    const Metric& metric = metrics()[m];
    const double bound = metric.higher_is_better ? 0.01 : 1e300;
    EXPECT_GT(violation({&metric, !metric.higher_is_better, bound}, scored.values[m]), 0)
        << metric.name;
  }
  EXPECT_TRUE(scored.non_finite);
  EXPECT_EQ(scored.squared_relative_l2, HUGE_VAL);
}

TEST(Metrics, OfOneOutputLeaveTheOthersOut) {
  const std::vector<Tensor> reference = {row({1, 0}), row({0, 2})};
  const std::vector<Tensor> outputs = {row({1, 0}), row({0, 3})};
  const std::vector<OutputMetric> more = {{find_metric("relative_l2"), 1},
                                          {find_metric("max_abs"), 0},
                                          {find_metric("top1_agreement"), 1}};
  const std::vector<SampleScore> scores = {score({outputs, reference, {}}, more)};
  const std::vector<double>& values = scores[0].values;
  ASSERT_EQ(values.size(), metrics().size() + 3);
  EXPECT_DOUBLE_EQ(values[metrics().size()], 0.5);
  EXPECT_EQ(values[metrics().size() + 1], 0);
  EXPECT_EQ(values[metrics().size() + 2], 1);
  const std::vector<std::size_t> all = {0};
  EXPECT_DOUBLE_EQ(aggregate(scores, all, more)[metrics().size()], 0.5);
}

TEST(Metrics, AreNanOverNoSamplesAndStayOneOverOne) {
  for (const Metric& metric : metrics()) {
    EXPECT_TRUE(std::isnan(metric.over_samples({}))) << metric.name;
    const std::vector<double> one = {0.5};
    EXPECT_EQ(metric.over_samples(one), 0.5) << metric.name;
    EXPECT_FALSE(metric.summary.empty());
  }
}

TEST(RelativeL2, IsTheWorstOutputs) {
  // ||(3, 4) - (3, 3)|| = 1, ||(3, 3)|| = sqrt 18; ||2 - 1|| / 1 = 1
  EXPECT_DOUBLE_EQ(metric_of("relative_l2", {row({3, 4})}, {row({3, 3})}), 1 / std::sqrt(18.0));
  EXPECT_EQ(metric_of("relative_l2", {row({3, 4}), row({2})}, {row({3, 3}), row({1})}), 1);
}

TEST(RelativeL2, BesideZerosIsZeroOrInfinite) {
  EXPECT_EQ(metric_of("relative_l2", {row({0, 0})}, {row({0, 0})}), 0);
  EXPECT_EQ(metric_of("relative_l2", {row({0, 1})}, {row({0, 0})}), HUGE_VAL);
}

TEST(RelativeL2, IsTheRootMeanSquareOverSamples) {
  EXPECT_DOUBLE_EQ(over_samples("relative_l2", {0.3, 0.4}), std::sqrt(0.125));
  EXPECT_EQ(over_samples("relative_l2", {0.3, HUGE_VAL}), HUGE_VAL);
}

TEST(Cosine, IsTheWorstOutputs) {
  EXPECT_DOUBLE_EQ(metric_of("cosine", {row({1, 1})}, {row({1, 0})}), std::sqrt(0.5));
  EXPECT_EQ(metric_of("cosine", {row({1, 1}), row({0, 2})}, {row({1, 0}), row({3, 0})}), 0);
  EXPECT_EQ(metric_of("cosine", {row({-1, 2})}, {row({2, -4})}), -1);
}

TEST(Cosine, BesideZerosIsOneOrZero) {
  EXPECT_EQ(metric_of("cosine", {row({0})}, {row({0})}), 1);
  EXPECT_EQ(metric_of("cosine", {row({1})}, {row({0})}), 0);
}

TEST(Cosine, OfANonFiniteOutputIsMinusOne) {
  EXPECT_EQ(metric_of("cosine", {row({1, INFINITY})}, {row({1, 1})}), -1);
}

TEST(Cosine, IsTheMeanOverSamples) { EXPECT_EQ(over_samples("cosine", {1, 0.5}), 0.75); }

TEST(MaxAbs, IsTheLargestOfAnyOutputAndSample) {
  EXPECT_EQ(metric_of("max_abs", {row({1, -2}), row({5})}, {row({1, 1}), row({4})}), 3);
  EXPECT_EQ(over_samples("max_abs", {0.5, 2, 1}), 2);
}

TEST(Top1, LooksAtTheFirstFloatOutput) {
  const Tensor ids = make_i64({1}, std::vector<std::int64_t>{3});
  EXPECT_EQ(metric_of("top1_agreement", {ids, row({1, 2})}, {ids, row({0, 9})}), 1);
  EXPECT_EQ(metric_of("top1_accuracy", {ids, row({1, 2})}, {ids, row({0, 9})}, 0), 0);
  EXPECT_EQ(metric_of("top1_accuracy", {ids, row({1, 2})}, {ids, row({0, 9})}, 1), 1);
}

TEST(Top1, IsNanWithoutALabelOrAFloatOutput) {
  const Tensor ids = make_i64({1}, std::vector<std::int64_t>{3});
  EXPECT_TRUE(std::isnan(metric_of("top1_accuracy", {row({1})}, {row({1})})));
  EXPECT_TRUE(std::isnan(metric_of("top1_agreement", {ids}, {ids})));
}

TEST(Score, AveragesTheSquaredErrorOverOutputs) {
  const std::vector<Tensor> outputs = {row({2}), row({4})};
  const std::vector<Tensor> reference = {row({1}), row({4})};
  const SampleScore scored = score({outputs, reference, std::nullopt});
  EXPECT_EQ(scored.squared_relative_l2, 0.5);
  EXPECT_FALSE(scored.non_finite);
}

TEST(Score, IsFiniteWhereTheReferenceIsNotEither) {
  const std::vector<Tensor> outputs = {row({-INFINITY, 4})};
  const SampleScore scored = score({outputs, outputs, std::nullopt});
  EXPECT_FALSE(scored.non_finite);
  EXPECT_EQ(scored.squared_relative_l2, 0);
}

// So a miss by it is one whatever the others score: also of a new metric, by being in the table.
TEST(Aggregate, OfSomeSamplesIsNoWorseThanOfAll) {
  Rng rng(3);
  const std::vector<std::size_t> samples{0, 1, 2, 3, 4, 5};
  for (int round = 0; round < 50; ++round) {
    std::vector<SampleScore> scores(samples.size());
    for (SampleScore& score : scores)
      for (const Metric& metric : metrics())
        score.values.push_back(metric.best + (metric.higher_is_better ? -1 : 1) * rng.uniform());
    const std::vector<double> all = aggregate(scores, samples);
    std::vector<double> before;
    for (std::size_t run = 0; run <= samples.size(); ++run) {
      const std::vector<double> some =
          best_aggregate(scores, std::span(samples).first(run), samples);
      for (std::size_t m = 0; m < metrics().size(); ++m) {
        const double sign = metrics()[m].higher_is_better ? -1 : 1;
        const double least = run == 0 ? metrics()[m].best : before[m];
        EXPECT_GE(sign * some[m], sign * least - 1e-12) << metrics()[m].name;
      }
      before = some;
    }
    EXPECT_EQ(before, std::vector<double>(all));
  }
}

TEST(Aggregate, TakesTheSamplesNamed) {
  const auto m = static_cast<std::size_t>(find_metric("max_abs") - metrics().data());
  std::vector<SampleScore> scores(3);
  for (std::size_t s = 0; s < scores.size(); ++s)
    scores[s].values.assign(metrics().size(), static_cast<double>(s));
  const std::size_t two[] = {0, 1};
  EXPECT_EQ(aggregate(scores, two)[m], 1);
  EXPECT_EQ(aggregate(scores, two).size(), metrics().size());
  EXPECT_TRUE(std::isnan(aggregate(scores, {})[m]));
}

}  // namespace
}  // namespace keel::accuracy
