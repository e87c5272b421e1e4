#include "tuner/search/error_vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compiler/base/random.h"
#include "tests/tuner/search/vector_model.h"
#include "tuner/search/gaussian_process.h"
#include "tuner/search/hypervolume.h"

namespace keel::search {
namespace {

constexpr std::size_t kUnits = 16;

Assignment draw(Rng& rng) {
  Assignment x(kUnits);
  for (std::uint8_t& bit : x) bit = static_cast<std::uint8_t>(rng.below(2));
  return x;
}

void add_random(const VectorModel& model, Rng& rng, int count, std::vector<Trial>& trials) {
  for (int i = 0; i < count; ++i) {
    const Assignment x = draw(rng);
    trials.push_back({trials.size(), x, Phase::Fill, model.measure(x)});
  }
}

/// Both anchors, all probes, and `count` random trials of a random model.
struct Study {
  Study(std::uint64_t seed, int count)
      : model(random_vector_model(seed, kUnits)), rng(seed), trials(model.probed()) {
    add_random(model, rng, count, trials);
  }

  ErrorVectors fit() const { return *ErrorVectors::fit(model.space, trials); }

  VectorModel model;
  Rng rng;
  std::vector<Trial> trials;
};

double log_error_of(const ErrorVectors& vectors, const Assignment& x) {
  const std::vector<ModelPoint> points{{.assignment = x}};
  return log_error(vectors.squared_errors(points)[0]);
}

// Root of the mean squared miss, in decades, on assignments that were not told.
double miss_of(const VectorModel& model, const std::vector<Trial>& trials) {
  const std::optional<ErrorVectors> vectors = ErrorVectors::fit(model.space, trials);
  if (!vectors) return INFINITY;
  Rng rng(99);
  double sum = 0;
  constexpr int kCount = 40;
  for (int i = 0; i < kCount; ++i) {
    const Assignment x = draw(rng);
    const double miss = log_error(model.measure(x).squared_error) - log_error_of(*vectors, x);
    sum += miss * miss / kCount;
  }
  return std::sqrt(sum);
}

TEST(ErrorVectors, PredictErrorsThatPileUpAndCancel) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Study study(seed, 20);
    EXPECT_LT(miss_of(study.model, study.trials), 0.06) << seed;
  }
}

TEST(ErrorVectors, LearnWhatRoundingsDoToEachOther) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    VectorModel model = random_vector_model(seed, kUnits);
    for (VectorModel::Together& pair : model.together)
      for (double& value : pair.adds) value *= 8;
    Rng rng(seed);
    std::vector<Trial> trials = model.probed();
    const double of_probes = miss_of(model, trials);
    add_random(model, rng, 100, trials);
    EXPECT_LT(miss_of(model, trials), 0.6 * of_probes) << seed;
  }
}

// Two errors that are opposite: no sum of squares says that both together are as good as none.
TEST(ErrorVectors, KnowOfTwoThatCancelBeforeTheyWereLoweredTogether) {
  VectorModel model = random_vector_model(3, kUnits);
  model.together.clear();
  model.adds[2] = model.adds[5] = std::vector<double>(24, 0.02);
  for (double& value : model.adds[5]) value = -value;
  const std::vector<Trial> trials = model.probed();
  const ErrorVectors vectors = *ErrorVectors::fit(model.space, trials);
  const double apart = log_error_of(vectors, lowered_alone(model.space, {2}));
  const double together = log_error_of(vectors, lowered_alone(model.space, {2, 5}));
  EXPECT_LT(together, apart - 0.5);
}

TEST(ErrorVectors, AreWhatWasToldWhereItWasTold) {
  const Study study(4, 20);
  const ErrorVectors vectors = study.fit();
  for (const Trial& trial : study.trials)
    EXPECT_NEAR(log_error_of(vectors, trial.assignment), log_error(trial.outcome.squared_error),
                0.05);
}

TEST(ErrorVectors, MissesAreOfAllButProbesAndAllKeptTheLastFirst) {
  Study study(5, 12);
  // Ten times as wrong as its vector says: no other trial lets expect it.
  study.trials[20].outcome.squared_error *= 100;
  const ErrorVectors vectors = study.fit();
  std::vector<std::uint64_t> numbers;
  for (const ErrorVectors::Miss& miss : vectors.misses()) {
    numbers.push_back(miss.trial->number);
    if (miss.trial->number == 20)
      EXPECT_NEAR(miss.decades, 1, 0.3);
    else
      EXPECT_LT(std::abs(miss.decades), 0.5) << miss.trial->number;
  }
  EXPECT_EQ(numbers,
            (std::vector<std::uint64_t>{29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 0}));
}

// What two units do to each other, seen once only: nothing else tells of it.
TEST(ErrorVectors, ATrialDoesNotTellOfItself) {
  VectorModel model = random_vector_model(11, kUnits);
  model.together = {{3, 9, std::vector<double>(24, 0.05)}};
  Rng rng(11);
  std::vector<Trial> trials = model.probed();
  trials.erase(trials.begin());  // all lowered
  for (int i = 0; i < 20; ++i) {
    Assignment x = draw(rng);
    if (x[3] != 0) x[9] = 0;
    trials.push_back({trials.size() + 1, x, Phase::Fill, model.measure(x)});
  }
  const Assignment both = lowered_alone(model.space, {3, 9});
  trials.push_back({trials.size() + 1, both, Phase::Fill, model.measure(both)});
  const ErrorVectors vectors = *ErrorVectors::fit(model.space, trials);
  EXPECT_GT(vectors.misses().front().decades, 0.5);
}

TEST(ErrorVectors, LeaveOutWhatLowersAPinnedUnit) {
  Study study(6, 12);
  study.model.space.units[3].state = UnitState::Kept;
  const ErrorVectors vectors = study.fit();
  for (const ErrorVectors::Miss& miss : vectors.misses()) EXPECT_EQ(miss.trial->assignment[3], 0);
}

TEST(ErrorVectors, TakeWhatAnEarlierStudyFoundForUnitsThatWereNotProbed) {
  VectorModel model = random_vector_model(7, kUnits);
  model.together.clear();
  std::vector<Trial> trials = model.probed();
  std::erase_if(trials, [](const Trial& trial) {
    return trial.phase == Phase::Probe && trial.assignment[4] != 0;
  });
  const auto error_with = [&](std::optional<double> earlier) {
    model.space.units[4].earlier_squared_error = earlier;
    return log_error_of(*ErrorVectors::fit(model.space, trials), lowered_alone(model.space, {4}));
  };
  EXPECT_GT(error_with(1e-2), error_with({}) + 0.2);
  EXPECT_LT(error_with(1e-12), error_with(1e-2) - 0.2);
}

TEST(ErrorVectors, AreEmptyWithoutWhatTheyRestOn) {
  const VectorModel model = random_vector_model(8, kUnits);
  EXPECT_FALSE(ErrorVectors::fit(model.space, model.probed(false)));
  const auto without = [&](auto&& is_left_out) {
    std::vector<Trial> trials = model.probed();
    std::erase_if(trials, is_left_out);
    return ErrorVectors::fit(model.space, trials).has_value();
  };
  EXPECT_TRUE(without([](const Trial&) { return false; }));
  EXPECT_FALSE(without([](const Trial& trial) { return trial.number == 1; }));  // all kept
  EXPECT_FALSE(without([](const Trial& trial) { return trial.phase == Phase::Probe; }));
  EXPECT_FALSE(without([](const Trial& trial) { return trial.number > 5; }));
}

TEST(ErrorVectors, StandErrorsOfZeroAndRepeatedTrials) {
  VectorModel model = random_vector_model(9, kUnits);
  for (std::vector<double>& adds : model.adds) adds.assign(adds.size(), 0);
  model.kept.assign(model.kept.size(), 0);
  model.together.clear();
  EXPECT_FALSE(ErrorVectors::fit(model.space, model.probed()));  // nothing to learn from
  model.adds[0][0] = 1e-3;
  std::vector<Trial> trials = model.probed();
  for (int i = 0; i < 12; ++i) trials.push_back(trials[0]);
  const ErrorVectors vectors = *ErrorVectors::fit(model.space, trials);
  EXPECT_NEAR(log_error_of(vectors, all_lowered(model.space)), -3, 0.1);
}

TEST(ErrorVectors, OfTooManyTrialsTheLastCountAndProbesAfterAllOthers) {
  Study study(10, 500);
  EXPECT_EQ(study.fit().misses().size(), 501);  // and all lowered
  add_random(study.model, study.rng, 20, study.trials);
  const std::vector<ErrorVectors::Miss> misses = study.fit().misses();
  ASSERT_EQ(misses.size(), GaussianProcess::kMaxPoints - 1);  // the last of them is all kept
  EXPECT_EQ(misses.front().trial->number, study.trials.back().number);
}

}  // namespace
}  // namespace keel::search
