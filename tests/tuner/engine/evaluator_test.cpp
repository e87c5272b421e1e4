#include "tuner/engine/evaluator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "profiler/accuracy/error_sketch.h"
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

// Lowered, as a refinement that has to be verified only.
study::TrialRecord verified(const BenchFixture& fixture, const Bench& bench) {
  Job job = lowered_job(fixture);
  job.record.trial.phase = search::Phase::Refine;
  job.samples = search::Samples::Verifying;
  run(bench, job);
  return job.record;
}

std::vector<std::size_t> from_three_to(std::size_t end) {
  std::vector<std::size_t> samples;
  for (std::size_t s = 3; s < end; ++s) samples.push_back(s);
  return samples;
}

// Some of three samples that rank probe; the others validate.
struct FewProbe {
  FewProbe(const std::vector<float>& firsts, accuracy::ProbingSamples samples)
      : fixture(exponential(firsts, {{0, 1, 2}, from_three_to(firsts.size()), {}})),
        probing(std::move(samples)),
        bench(fixture.bench()) {
    bench.probing = &probing;
  }
  FewProbe(const FewProbe&) = delete;
  FewProbe& operator=(const FewProbe&) = delete;

  Job probed() const { return engine::probed(fixture, bench); }
  study::TrialRecord verified() const { return engine::verified(fixture, bench); }

  BenchFixture fixture;
  accuracy::ProbingSamples probing;
  Bench bench;
};

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
  const FewProbe few({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 2}, {1, 2}});
  const Job probe = few.probed();
  const search::Outcome& outcome = probe.record.trial.outcome;
  EXPECT_EQ(outcome.state, search::TrialState::Partial);
  EXPECT_TRUE(std::isnan(outcome.squared_error) && std::isnan(outcome.violation));
  EXPECT_TRUE(probe.record.ranking.empty() && probe.record.validation.empty());
  EXPECT_GT(outcome.latency_us, 0);

  const auto scores = must(run_samples(few.bench, probe.record.trial.assignment, {0, 1, 2, 3}, {}));
  const auto error = [&](std::size_t s) { return scores[s].squared_relative_l2; };
  EXPECT_DOUBLE_EQ(outcome.probing_squared_error, (error(0) + 2 * error(2)) / 3);
  Job full = lowered_job(few.fixture);
  run(few.bench, full);
  EXPECT_EQ(full.record.trial.outcome.state, search::TrialState::Complete);
  EXPECT_DOUBLE_EQ(full.record.trial.outcome.squared_error, (error(0) + error(1) + error(2)) / 3);
  EXPECT_EQ(full.record.trial.outcome.probing_squared_error, outcome.probing_squared_error);
}

double squared_length(const search::Outcome& outcome) {
  double sum = 0;
  for (const float value : *outcome.error_sketch) sum += value * value;
  return sum;
}

// Of outputs of few elements sketches are the errors: their length is the error itself.
TEST(Evaluator, NotesErrorsAsVectorsOnTheProbingSamples) {
  const FewProbe few({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 2}, {1, 2}});
  const search::Outcome probe = few.probed().record.trial.outcome;
  ASSERT_NE(probe.error_sketch, nullptr);
  EXPECT_EQ(probe.error_sketch->size(), 2 * accuracy::kSketchSize);
  EXPECT_NEAR(squared_length(probe) / probe.probing_squared_error, 1, 1e-5);
  Job full = lowered_job(few.fixture);
  run(few.bench, full);
  EXPECT_EQ(*full.record.trial.outcome.error_sketch, *probe.error_sketch);
}

TEST(Evaluator, NotesErrorsAsVectorsOnWhatRanksWhereNoneProbe) {
  const FewProbe few({0.1f, 9.3f, 5.7f, 8.1f}, {});
  const search::Outcome outcome = few.probed().record.trial.outcome;
  ASSERT_NE(outcome.error_sketch, nullptr);
  EXPECT_NEAR(squared_length(outcome) / outcome.squared_error, 1, 1e-5);
  EXPECT_EQ(FewProbe({0.1f, 12.0f, 5.7f, 8.1f}, {}).probed().record.trial.outcome.error_sketch,
            nullptr);
}

// exp(12) is Inf in fp16; exp(0.0001) is off by less than the samples that probe.
TEST(Evaluator, ProbesOnTheSampleThatShowsBestWhatIsSuspect) {
  for (const float third : {12.0f, 0.0001f}) {
    FewProbe few({0.1f, 9.3f, third, 8.1f}, {{0, 1}, {1, 2}});
    const auto state_with = [&](std::vector<std::vector<std::size_t>> telling) {
      few.bench.telling = std::move(telling);
      return few.probed().record.trial.outcome.state;
    };
    EXPECT_EQ(state_with({{}}), search::TrialState::Partial);
    EXPECT_EQ(state_with({{2}}),
              third > 9 ? search::TrialState::NonFinite : search::TrialState::Partial);
  }
}

TEST(Evaluator, EndsAProbeThatIsNotFinite) {
  const Job probe = FewProbe({0.1f, 12.0f, 5.7f, 8.1f}, {{0, 1}, {1, 2}}).probed();
  EXPECT_EQ(probe.record.trial.outcome.state, search::TrialState::NonFinite);
  EXPECT_TRUE(probe.record.ranking.empty() && probe.record.validation.empty());
}

TEST(Evaluator, RunsAProbeInFullWhereThatSampleIsFarWorse) {
  FewProbe few({0.1f, 9.3f, 5.7f, 8.1f}, {});
  const search::Assignment lowered(1, 1);
  const auto scores = must(run_samples(few.bench, lowered, {0, 1, 2, 3}, {}));
  const auto error = [&](std::size_t s) { return scores[s].squared_relative_l2; };
  std::vector<std::size_t> order{0, 1, 2};
  std::ranges::sort(order, {}, error);
  ASSERT_GT(error(order[2]), 4 * error(order[0]));
  few.probing = {{order[0]}, {3}};
  few.bench.telling = {{order[2]}};
  const Job probe = few.probed();
  const search::Outcome& outcome = probe.record.trial.outcome;
  EXPECT_EQ(outcome.state, search::TrialState::Complete);
  EXPECT_DOUBLE_EQ(outcome.squared_error, (error(0) + error(1) + error(2)) / 3);
  EXPECT_FALSE(probe.record.validation.empty());
  EXPECT_TRUE(std::isfinite(outcome.violation));
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

// exp(8.1) in fp16 is off by more than is allowed, exp(0) by nothing.
TEST(Evaluator, WantsARequirementMetByWhatRanksAndByWhatValidates) {
  const std::vector<accuracy::Requirement> strict{
      must(accuracy::parse_requirement("max_abs<=0.01"))};
  for (const auto& [ranked, validated] : {std::pair{0.0f, 0.0f}, {0.0f, 8.1f}, {8.1f, 0.0f}}) {
    const BenchFixture fixture = exponential({ranked, 0, validated}, {{0, 1}, {2}, {}});
    Bench bench = fixture.bench();
    bench.requirements = &strict;
    Job fill = lowered_job(fixture);
    fill.record.trial.phase = search::Phase::Fill;
    run(bench, fill);
    const search::Outcome& outcome = fill.record.trial.outcome;
    EXPECT_EQ(outcome.state, search::TrialState::Complete);
    EXPECT_EQ(outcome.violation > 0, ranked + validated > 0);

    Job refined = lowered_job(fixture);
    refined.record.trial.phase = search::Phase::Refine;
    run(bench, refined);
    EXPECT_EQ(refined.record.trial.outcome.state,
              ranked + validated > 0 ? search::TrialState::Rejected : search::TrialState::Complete);
    EXPECT_EQ(refined.record.trial.outcome.violation, outcome.violation);
    EXPECT_EQ(std::isnan(refined.record.trial.outcome.squared_error), ranked + validated > 0);
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
  FewProbe few({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 2}, {1, 2}});
  const std::vector<accuracy::Requirement> loose{
      must(accuracy::parse_requirement("relative_l2<=0.1"))};
  few.bench.requirements = &loose;
  const study::TrialRecord record = few.verified();
  few.bench.probing = nullptr;
  const study::TrialRecord whole = few.verified();  // none probe: all rank
  EXPECT_EQ(whole.trial.outcome.state, search::TrialState::Complete);
  const search::Outcome& outcome = record.trial.outcome;
  EXPECT_EQ(outcome.state, search::TrialState::Partial);
  EXPECT_EQ(outcome.violation, whole.validation[0] / 0.1 - 1);
  EXPECT_EQ(record.validation[0], whole.validation[0]);
  EXPECT_TRUE(std::isnan(outcome.squared_error) && record.ranking.empty());
  const auto scores = must(run_samples(few.bench, record.trial.assignment, {0, 1, 2, 3}, {}));
  EXPECT_DOUBLE_EQ(outcome.probing_squared_error,
                   (scores[0].squared_relative_l2 + 2 * scores[2].squared_relative_l2) / 3);
}

// What probes misses the requirement; whether what ranks does is for the others to decide.
TEST(Evaluator, RanksARefinementInFullWhereTheProbingSamplesMissARequirement) {
  FewProbe few({9.3f, 0, 0, 0}, {{0}, {3}});
  const search::Assignment lowered(1, 1);
  const double worst = must(score_samples(few.bench, lowered, {0}, {})).values[0];
  const double mean = must(score_samples(few.bench, lowered, {0, 1, 2}, {})).values[0];
  ASSERT_LT(mean, worst);
  const std::vector<accuracy::Requirement> strict{
      must(accuracy::parse_requirement("relative_l2<=" + std::to_string((mean + worst) / 2)))};
  few.bench.requirements = &strict;
  const study::TrialRecord record = few.verified();
  EXPECT_EQ(record.trial.outcome.state, search::TrialState::Complete);
  EXPECT_LE(record.trial.outcome.violation, 0);
  EXPECT_EQ(record.ranking[0], mean);
}

// Errors grow with the argument: sample 5 is the worst of those that validate.
TEST(Evaluator, VerifiesOnFewSamplesWhatHasRoomToSpare) {
  FewProbe few({0.1f, 1.2f, 0.4f, 2.1f, 0.7f, 9.3f, 1.9f}, {{0, 1}, {1, 2}});
  search::Space space;
  space.units.resize(1);
  const FirstLook look = must(first_look(few.bench, space, {}));
  few.bench.worst_first = &look.worst_first;
  const auto figure = [&](const std::vector<std::size_t>& samples) {
    return must(score_samples(few.bench, search::Assignment(1, 1), samples, {})).values[0];
  };
  const double worst = figure({5});
  ASSERT_GT(worst, figure({3, 4, 5, 6}));
  for (const double bound : {2.1 * worst, 1.9 * worst}) {
    const std::vector<accuracy::Requirement> required{
        must(accuracy::parse_requirement("relative_l2<=" + std::to_string(bound)))};
    few.bench.requirements = &required;
    const study::TrialRecord record = few.verified();
    const bool has_room = bound > 2 * worst;
    EXPECT_EQ(record.trial.outcome.state,
              has_room ? search::TrialState::Partial : search::TrialState::Complete);
    EXPECT_EQ(record.validation[0], has_room ? worst : figure({3, 4, 5, 6}));
    EXPECT_EQ(record.ranking.empty(), has_room);
  }
}

// Such as a probe of it left: the first sample shows what it did then, not what it would now.
TEST(Evaluator, RunsNoSampleOfAVariantTwice) {
  FewProbe few({0.1f, 9.3f, 5.7f, 8.1f}, {{0, 2}, {1, 2}});
  KnownScores known;
  few.bench.known = &known;
  EXPECT_EQ(few.probed().record.trial.outcome.state, search::TrialState::Partial);
  const search::Assignment lowered(1, 1);
  KnownScores::Scores scores = known.take(lowered);
  ASSERT_EQ(scores.size(), 4u);
  EXPECT_FALSE(scores[0].values.empty() || scores[2].values.empty());
  EXPECT_TRUE(scores[1].values.empty() && scores[3].values.empty());
  scores[0].squared_relative_l2 = 0.5;
  known.keep(lowered, scores);
  for (const double first :
       {0.5, must(run_samples(few.bench, lowered, {0}, {}))[0].squared_relative_l2}) {
    Job job = lowered_job(few.fixture);
    run(few.bench, job);
    const auto ran = must(run_samples(few.bench, lowered, {1, 2}, {}));
    EXPECT_DOUBLE_EQ(job.record.trial.outcome.squared_error,
                     (first + ran[1].squared_relative_l2 + ran[2].squared_relative_l2) / 3);
    EXPECT_EQ(job.record.trial.outcome.state, search::TrialState::Complete);
  }
}

// The command is told of all that validate and of no others, which all run then, and says that it
// is not met.
TEST(Evaluator, ChecksAVerifiedRefinement) {
  FewProbe few({0.1f, 9.3f, 5.7f, 8.1f, 0.2f, 0.3f}, {{0, 2}, {1, 2}});
  Bench& bench = few.bench;
  const CheckCommand command{"test \"$(ls {outputs} | wc -l)\" -ne 3"};
  SampleOutputs reference{{"003", "004", "005"}, {"y"}, {}};
  for (const std::size_t s : few.fixture.split().validation)
    reference.tensors.push_back(bench.reference->outputs[s]);
  const auto check = must(Check::make(command, reference));
  std::vector<accuracy::Requirement> requirements = *bench.requirements;
  requirements.push_back(requirement_of(command));
  bench.requirements = &requirements;
  bench.check = check.get();
  Job job = lowered_job(few.fixture);
  job.record.trial.phase = search::Phase::Refine;
  job.samples = search::Samples::Verifying;
  run(bench, job);
  EXPECT_LE(job.record.trial.outcome.violation, 0);
  engine::check(bench, job, {});
  EXPECT_EQ(job.record.trial.outcome.state, search::TrialState::Complete);
  EXPECT_GT(job.record.trial.outcome.violation, 0);
}

// exp(12) is Inf in fp16.
TEST(Evaluator, SeesThatARefinementIsNotFiniteOnAProbingSample) {
  const FewProbe few({0.1f, 12.0f, 5.7f, 0.2f}, {{0, 1}, {1, 2}});
  EXPECT_EQ(few.verified().trial.outcome.state, search::TrialState::NonFinite);
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
