#include "tuner/search/strategy.h"

#include <gtest/gtest.h>

#include <limits>

namespace keel::search {
namespace {

Space free_space(std::size_t units) {
  Space space;
  space.units.assign(units, Unit{});
  return space;
}

Trial trial(std::uint64_t number, Assignment x, double latency_us, double squared_error,
            double violation = 0) {
  return {number,
          std::move(x),
          Phase::Fill,
          {TrialState::Complete, latency_us, squared_error, violation}};
}

std::vector<std::uint64_t> numbers(const std::vector<Trial>& trials) {
  std::vector<std::uint64_t> result;
  for (const Trial& each : trials) result.push_back(each.number);
  return result;
}

TEST(Phase, HasANameForEachNumberThatStudiesStore) {
  EXPECT_EQ(name(Phase{0}), "anchor");
  EXPECT_EQ(name(Phase{1}), "probe");
  EXPECT_EQ(name(Phase{2}), "front");
  EXPECT_EQ(name(Phase{3}), "fill");
  EXPECT_EQ(name(Phase{4}), "refine");
}

TEST(Front, KeepsWhatNoOtherTrialBeats) {
  EXPECT_EQ(numbers(front({trial(0, {0}, 10, 0), trial(1, {1}, 5, 4), trial(2, {0}, 7, 5),
                           trial(3, {0}, 7, 2), trial(4, {0}, 7, 3)})),
            (std::vector<std::uint64_t>{1, 3, 0}));
}

TEST(Front, KeepsTheLowestNumberOfEqualPoints) {
  EXPECT_EQ(numbers(front({trial(3, {0}, 5, 1), trial(2, {1}, 5, 1)})),
            (std::vector<std::uint64_t>{2}));
}

TEST(Front, LeavesOutTrialsThatDidNotComplete) {
  Trial broken = trial(0, {1}, 1, 0);
  broken.outcome.state = TrialState::NonFinite;
  EXPECT_TRUE(front({broken}).empty());
}

TEST(Recommend, KeepsWhatGuardsAPoleEvenWhereTheSamplesAtHandDoWithoutIt) {
  Space space = free_space(2);
  space.poles = {{{0, 1}}};
  Trial together = trial(1, {1, 1}, 5, 0);
  together.outcome.state = TrialState::NonFinite;
  const std::vector<Trial> trials{trial(0, {0, 0}, 10, 0), together, trial(2, {0, 1}, 6, 0)};
  EXPECT_EQ(recommend(space, trials)->number, 0u);
  space.poles.clear();
  EXPECT_EQ(recommend(space, trials)->number, 2u);
}

TEST(Recommend, TakesTheFastestThatMeetsTheRequirements) {
  const std::vector<Trial> trials{trial(0, {0, 0}, 10, 0, -1), trial(1, {0, 1}, 8, 1, 0),
                                  trial(2, {1, 1}, 5, 4, 0.1)};
  EXPECT_EQ(recommend(free_space(2), trials)->number, 1u);
}

TEST(Recommend, GivesTiesToFewerKeptUnitsThenLessErrorThenTheLowerNumber) {
  const Space space = free_space(2);
  EXPECT_EQ(recommend(space, {trial(0, {0, 1}, 8, 1), trial(1, {1, 1}, 8.03, 4)})->number, 1u);
  EXPECT_EQ(recommend(space, {trial(0, {0, 1}, 8, 1), trial(1, {1, 1}, 8.05, 4)})->number, 0u);
  EXPECT_EQ(recommend(space, {trial(0, {0, 1}, 8, 4), trial(1, {1, 0}, 8.01, 1)})->number, 1u);
  EXPECT_EQ(recommend(space, {trial(7, {0, 1}, 8, 1), trial(3, {1, 0}, 8.01, 1)})->number, 3u);
}

TEST(Recommend, FallsBackToTheLeastViolation) {
  EXPECT_EQ(recommend(free_space(1), {trial(0, {0}, 10, 0, 0.5), trial(1, {1}, 5, 4, 2)})->number,
            0u);
}

TEST(Recommend, IsEmptyWithoutACompleteTrial) {
  Trial failed = trial(0, {0}, 0, 0);
  failed.outcome.state = TrialState::Failed;
  EXPECT_FALSE(recommend(free_space(1), {failed}).has_value());
}

}  // namespace
}  // namespace keel::search
