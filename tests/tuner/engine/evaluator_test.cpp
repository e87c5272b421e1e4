#include "tuner/engine/evaluator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/tuner/engine/bench_fixture.h"
#include "tuner/engine/first_look.h"

namespace keel::engine {
namespace {

// The error of the exponential grows with its argument, so that every sample has its own.
BenchFixture exponential(const std::vector<float>& firsts, accuracy::Split split) {
  return {
      "x: f32[4] = input\n"
      "y = Exp(x)\n"
      "return y\n",
      firsts, std::move(split)};
}

Job lowered_job(const BenchFixture& fixture) {
  Job job;
  job.record.trial.assignment = search::Assignment(fixture.target().units.size(), 1);
  return job;
}

void run(const Bench& bench, Job& job) {
  compile(bench, job);
  measure(bench, job);
  evaluate(bench, job, {});
}

Job probed(const BenchFixture& fixture, const Bench& bench) {
  Job probe = lowered_job(fixture);
  probe.samples = search::Samples::Probing;
  run(bench, probe);
  return probe;
}

TEST(Evaluator, ScoresEachSetOfSamplesByItself) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1}, {2}, {3}});
  const Bench bench = fixture.bench();
  Job job = lowered_job(fixture);
  run(bench, job);
  const auto scored = [&](const std::vector<std::size_t>& samples) {
    return must(score_samples(bench, job.record.trial.assignment, samples, {})).values[0];
  };
  EXPECT_EQ(job.record.ranking[0], scored({0, 1}));
  EXPECT_EQ(job.record.validation[0], scored({2}));
  EXPECT_NE(job.record.ranking[0], job.record.validation[0]);
}

TEST(Evaluator, ProbesOnTheProbingSamplesOnly) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1, 2}, {3}, {}});
  const accuracy::ProbingSamples probing{{0, 2}, {1, 2}};
  Bench bench = fixture.bench();
  bench.probing = &probing;
  const Job probe = probed(fixture, bench);
  const search::Outcome& outcome = probe.record.trial.outcome;
  EXPECT_EQ(outcome.state, search::TrialState::Partial);
  EXPECT_TRUE(std::isnan(outcome.squared_error) && std::isnan(outcome.violation));
  EXPECT_TRUE(probe.record.ranking.empty() && probe.record.validation.empty());
  EXPECT_GT(outcome.latency_us, 0);

  const auto scores = must(run_samples(bench, probe.record.trial.assignment, {0, 1, 2, 3}, {}));
  const auto error = [&](std::size_t s) { return scores[s].squared_relative_l2; };
  EXPECT_DOUBLE_EQ(outcome.probing_squared_error, (error(0) + 2 * error(2)) / 3);
  Job full = lowered_job(fixture);
  run(bench, full);
  EXPECT_EQ(full.record.trial.outcome.state, search::TrialState::Complete);
  EXPECT_DOUBLE_EQ(full.record.trial.outcome.squared_error, (error(0) + error(1) + error(2)) / 3);
  EXPECT_EQ(full.record.trial.outcome.probing_squared_error, outcome.probing_squared_error);
}

// exp(12) is Inf in fp16; exp(0.0001) is off by less than the samples that probe.
TEST(Evaluator, ProbesOnTheSampleThatShowsBestWhatIsSuspect) {
  for (const float third : {12.0f, 0.0001f}) {
    const BenchFixture fixture = exponential({0.1f, 9.3f, third, 8.1f}, {{0, 1, 2}, {3}, {}});
    const accuracy::ProbingSamples probing{{0, 1}, {1, 2}};
    Bench bench = fixture.bench();
    bench.probing = &probing;
    const auto state_with = [&](std::vector<std::vector<std::size_t>> telling) {
      bench.telling = std::move(telling);
      return probed(fixture, bench).record.trial.outcome.state;
    };
    EXPECT_EQ(state_with({{}}), search::TrialState::Partial);
    EXPECT_EQ(state_with({{2}}),
              third > 9 ? search::TrialState::NonFinite : search::TrialState::Partial);
  }
}

TEST(Evaluator, EndsAProbeThatIsNotFinite) {
  const BenchFixture fixture = exponential({0.1f, 12.0f, 5.7f, 8.1f}, {{0, 1, 2}, {3}, {}});
  const accuracy::ProbingSamples probing{{0, 1}, {1, 2}};
  Bench bench = fixture.bench();
  bench.probing = &probing;
  const Job probe = probed(fixture, bench);
  EXPECT_EQ(probe.record.trial.outcome.state, search::TrialState::NonFinite);
  EXPECT_TRUE(probe.record.ranking.empty() && probe.record.validation.empty());
}

TEST(Evaluator, RunsAProbeInFullWhereThatSampleIsFarWorse) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1, 2}, {3}, {}});
  const auto scores =
      must(run_samples(fixture.bench(), search::Assignment(1, 1), {0, 1, 2, 3}, {}));
  const auto error = [&](std::size_t s) { return scores[s].squared_relative_l2; };
  std::vector<std::size_t> order{0, 1, 2};
  std::ranges::sort(order, {}, error);
  ASSERT_GT(error(order[2]), 4 * error(order[0]));
  const accuracy::ProbingSamples probing{{order[0]}, {3}};
  Bench bench = fixture.bench();
  bench.probing = &probing;
  bench.telling = {{order[2]}};
  const Job probe = probed(fixture, bench);
  const search::Outcome& outcome = probe.record.trial.outcome;
  EXPECT_EQ(outcome.state, search::TrialState::Complete);
  EXPECT_DOUBLE_EQ(outcome.squared_error, (error(0) + error(1) + error(2)) / 3);
  EXPECT_EQ(outcome.violation,
            must(score_samples(bench, search::Assignment(1, 1), {3}, {})).values[0] / 0.1 - 1);
}

TEST(Evaluator, ProbesOnAllSamplesWhereNoneStandForThem) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1, 2}, {3}, {}});
  EXPECT_EQ(probed(fixture, fixture.bench()).record.trial.outcome.state,
            search::TrialState::Complete);
}

TEST(Evaluator, RunsNothingThatIsSlowerThanItMayBe) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1}, {2}, {3}});
  EvaluationTimes times;
  Bench bench = fixture.bench();
  bench.times = &times;
  Job job = lowered_job(fixture);
  run(fixture.bench(), job);
  const double latency_us = job.record.trial.outcome.latency_us;

  Job slow = lowered_job(fixture);
  slow.record.trial.phase = search::Phase::Refine;
  slow.slowest_us = latency_us * 0.999;
  run(bench, slow);
  EXPECT_EQ(slow.record.trial.outcome.state, search::TrialState::Rejected);
  EXPECT_EQ(slow.record.trial.outcome.latency_us, latency_us);
  EXPECT_TRUE(std::isnan(slow.record.trial.outcome.violation));
  EXPECT_EQ(times.of(search::Phase::Refine).seconds, 0);

  Job allowed = lowered_job(fixture);
  allowed.slowest_us = latency_us;
  run(bench, allowed);
  EXPECT_EQ(allowed.record.trial.outcome.state, search::TrialState::Complete);
}

// exp(8.1) in fp16 is off by more than the 1e-4 that is required.
TEST(Evaluator, RanksNoRefinementThatMissesARequirement) {
  for (const float validated : {0.0f, 8.1f}) {
    BenchFixture fixture = exponential({0.1f, 9.3f, validated}, {{0, 1}, {2}, {}});
    Bench bench = fixture.bench();
    const std::vector<accuracy::Requirement> strict{
        must(accuracy::parse_requirement("max_abs<=0.01"))};
    bench.requirements = &strict;
    Job job = lowered_job(fixture);
    job.record.trial.phase = search::Phase::Refine;
    run(bench, job);
    const search::Outcome& outcome = job.record.trial.outcome;
    ASSERT_FALSE(job.record.validation.empty());
    if (validated == 0.0f) {
      EXPECT_EQ(outcome.state, search::TrialState::Complete);
      EXPECT_GT(outcome.squared_error, 0);
      continue;
    }
    EXPECT_EQ(outcome.state, search::TrialState::Rejected);
    EXPECT_GT(outcome.violation, 0);
    EXPECT_TRUE(std::isnan(outcome.squared_error) && job.record.ranking.empty());
    Job fill = lowered_job(fixture);
    fill.record.trial.phase = search::Phase::Fill;
    run(bench, fill);
    EXPECT_EQ(fill.record.trial.outcome.state, search::TrialState::Complete);
    EXPECT_EQ(fill.record.trial.outcome.violation, outcome.violation);
  }
}

// The last two are off by so much that the others cannot mend the mean.
TEST(Evaluator, EndsARefinementSoonerByTheWorstSamples) {
  const BenchFixture fixture = exponential(
      {0, 0, 0, 0, 0, 0, 9.3f, 9.7f}, {{0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {}});
  Bench bench = fixture.bench();
  const search::Assignment lowered(fixture.target().units.size(), 1);
  const auto figure = [&](const std::vector<std::size_t>& samples) {
    return must(score_samples(bench, lowered, samples, {})).values[0];
  };
  search::Space space;
  space.units.resize(lowered.size());
  const FirstLook look = must(first_look(bench, space, {}));
  ASSERT_EQ(look.worst_first.size(), 8u);
  EXPECT_GE(std::min(look.worst_first[0], look.worst_first[1]), 6u);
  const std::vector<accuracy::Requirement> strict{
      must(accuracy::parse_requirement("relative_l2<=" + std::to_string(0.4 * figure({6, 7}))))};
  bench.requirements = &strict;
  for (const bool is_ordered : {false, true}) {
    bench.worst_first = is_ordered ? &look.worst_first : nullptr;
    Job job = lowered_job(fixture);
    job.record.trial.phase = search::Phase::Refine;
    run(bench, job);
    EXPECT_EQ(job.record.trial.outcome.state, search::TrialState::Rejected);
    EXPECT_EQ(job.record.validation[0],
              is_ordered ? figure({6, 7}) : figure({0, 1, 2, 3, 4, 5, 6, 7}));
  }
}

TEST(Evaluator, VerifiesARefinementAndRanksItOnTheProbingSamples) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1, 2}, {3}, {}});
  const accuracy::ProbingSamples probing{{0, 2}, {1, 2}};
  Bench bench = fixture.bench();
  const auto refined = [&] {
    Job job = lowered_job(fixture);
    job.record.trial.phase = search::Phase::Refine;
    job.samples = search::Samples::Verifying;
    run(bench, job);
    return job.record;
  };
  const study::TrialRecord whole = refined();  // none probe: all rank
  EXPECT_EQ(whole.trial.outcome.state, search::TrialState::Complete);
  bench.probing = &probing;
  const study::TrialRecord record = refined();
  const search::Outcome& outcome = record.trial.outcome;
  EXPECT_EQ(outcome.state, search::TrialState::Partial);
  EXPECT_EQ(outcome.violation, whole.trial.outcome.violation);
  EXPECT_EQ(record.validation[0], whole.validation[0]);
  EXPECT_TRUE(std::isnan(outcome.squared_error) && record.ranking.empty());
  const auto scores = must(run_samples(bench, record.trial.assignment, {0, 1, 2, 3}, {}));
  EXPECT_DOUBLE_EQ(outcome.probing_squared_error,
                   (scores[0].squared_relative_l2 + 2 * scores[2].squared_relative_l2) / 3);
}

// The command is told of the validation samples alone, and says that it is not met.
TEST(Evaluator, ChecksAVerifiedRefinement) {
  const BenchFixture fixture = exponential({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 1, 2}, {3}, {}});
  const accuracy::ProbingSamples probing{{0, 2}, {1, 2}};
  Bench bench = fixture.bench();
  bench.probing = &probing;
  const CheckCommand command{"test \"$(ls {outputs} | wc -l)\" -ne 1"};
  const auto check = must(Check::make(
      command, {{"003"},
                {"y"},
                {{bench.reference->outputs[3].begin(), bench.reference->outputs[3].end()}}}));
  std::vector<accuracy::Requirement> requirements = *bench.requirements;
  requirements.push_back(requirement_of(command));
  bench.requirements = &requirements;
  bench.check = check.get();
  Job job = lowered_job(fixture);
  job.record.trial.phase = search::Phase::Refine;
  job.samples = search::Samples::Verifying;
  run(bench, job);
  EXPECT_LE(job.record.trial.outcome.violation, 0);
  engine::check(bench, job, {});
  EXPECT_EQ(job.record.trial.outcome.state, search::TrialState::Partial);
  EXPECT_GT(job.record.trial.outcome.violation, 0);
}

// exp(12) is Inf in fp16.
TEST(Evaluator, SeesThatARefinementIsNotFiniteOnAProbingSample) {
  const BenchFixture fixture = exponential({0.1f, 12.0f, 5.7f, 0.2f}, {{0, 1, 2}, {3}, {}});
  const accuracy::ProbingSamples probing{{0, 1}, {1, 2}};
  Bench bench = fixture.bench();
  bench.probing = &probing;
  Job job = lowered_job(fixture);
  job.record.trial.phase = search::Phase::Refine;
  job.samples = search::Samples::Verifying;
  run(bench, job);
  EXPECT_EQ(job.record.trial.outcome.state, search::TrialState::NonFinite);
}

// Four parts of two samples: the first is off by so much that the others cannot mend the mean.
TEST(Evaluator, EndsARefinementWhereAMissIsCertain) {
  const BenchFixture fixture =
      exponential({9.3f, 9.7f, 0, 0, 0, 0, 9.3f, 9.7f},
                  {{0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {}});
  Bench bench = fixture.bench();
  const auto refine = [&](const char* requirement) {
    const std::vector<accuracy::Requirement> strict{must(accuracy::parse_requirement(requirement))};
    bench.requirements = &strict;
    Job job = lowered_job(fixture);
    job.record.trial.phase = search::Phase::Refine;
    run(bench, job);
    return job.record;
  };
  const auto figures = [&](const std::vector<std::size_t>& samples) {
    return must(score_samples(bench, search::Assignment(fixture.target().units.size(), 1), samples,
                              {}))
        .values;
  };
  const double whole = figures({0, 1, 2, 3, 4, 5, 6, 7})[0];
  const double first = figures({0, 1})[0] / 2;  // root mean square, as if the others were exact
  ASSERT_LT(first, whole);
  const auto at_most = [](double bound) { return "relative_l2<=" + std::to_string(bound); };
  const study::TrialRecord early = refine(at_most(0.9 * first).c_str());
  EXPECT_EQ(early.trial.outcome.state, search::TrialState::Rejected);
  EXPECT_EQ(early.validation[0], figures({0, 1})[0]);
  const study::TrialRecord late = refine(at_most((first + whole) / 2).c_str());
  EXPECT_EQ(late.trial.outcome.state, search::TrialState::Rejected);
  EXPECT_EQ(late.validation[0], whole);
  EXPECT_EQ(refine(at_most(1.1 * whole).c_str()).trial.outcome.state, search::TrialState::Complete);
}

}  // namespace
}  // namespace keel::engine
