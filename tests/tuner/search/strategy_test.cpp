#include "tuner/search/strategy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tuner/search/bounds.h"

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

TEST(Recommend, TakesTheLeastErrorUnderABoundOnLatency) {
  const std::vector<Trial> trials{trial(0, {0, 0}, 10, 0), trial(1, {0, 1}, 8, 1),
                                  trial(2, {1, 0}, 7, 4), trial(3, {1, 1}, 5, 9)};
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, 9, {}})->number, 1u);
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, 7, {}})->number, 2u);
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, 100, {}})->number, 0u);
}

TEST(Recommend, TakesTheLeastErrorOfTheSpeedUpOverAllKept) {
  const std::vector<Trial> trials{trial(0, {0, 0}, 10, 0), trial(1, {0, 1}, 8, 1),
                                  trial(2, {1, 1}, 5, 9)};
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, {}, 1.25})->number, 1u);
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, {}, 1.26})->number, 2u);
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, 6, 1.25})->number, 2u) << "both hold";
}

TEST(Recommend, TakesTheFastestOfFewCasts) {
  std::vector<Trial> trials{trial(0, {0, 0}, 10, 0), trial(1, {0, 1}, 8, 1),
                            trial(2, {1, 1}, 5, 9)};
  trials[1].outcome.casts = 2;
  trials[2].outcome.casts = 3;
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Latency, {}, {}, 3})->number, 2u);
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Latency, {}, {}, 2})->number, 1u);
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Latency, {}, {}, 0})->number, 0u);
  EXPECT_DOUBLE_EQ(Bounds({Aim::Latency, {}, {}, 2}, 10).violation(trials[2].outcome), 0.5);
}

TEST(Recommend, HoldsRequirementsWhereTheErrorIsTheAim) {
  const std::vector<Trial> trials{trial(0, {0, 0}, 10, 0, 0), trial(1, {0, 1}, 8, 1, 0.5),
                                  trial(2, {1, 1}, 5, 9, 0)};
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, 9, {}})->number, 2u);
}

TEST(Recommend, GivesTiesOfErrorToTheFaster) {
  const Goal goal{Aim::Error, 20, {}};
  EXPECT_EQ(
      recommend(free_space(2), {trial(0, {0, 0}, 10, 1), trial(1, {0, 1}, 8, 1.009)}, goal)->number,
      1u);
  EXPECT_EQ(
      recommend(free_space(2), {trial(0, {0, 0}, 10, 1), trial(1, {0, 1}, 8, 1.02)}, goal)->number,
      0u);
}

// A rate that is 0 whatever is lowered misses by the same.
TEST(Recommend, OfWhatMissesAlikeTakesTheLeastErrorThenTheFastest) {
  const auto chosen = [](double error, double latency_us) {
    return recommend(free_space(2), {trial(0, {0, 0}, 10, 2, 1), trial(1, {0, 1}, 8, 2, 1),
                                     trial(2, {1, 0}, latency_us, error, 1)})
        ->number;
  };
  EXPECT_EQ(chosen(1, 20), 2u);
  EXPECT_EQ(chosen(2, 7), 2u);
  EXPECT_EQ(chosen(2, 9), 1u);
  EXPECT_EQ(chosen(3, 7), 1u);
  EXPECT_EQ(chosen(std::nan(""), 7), 1u);
}

TEST(Recommend, MissesABoundOnLatencyByLeast) {
  const std::vector<Trial> trials{trial(0, {0, 0}, 10, 0), trial(1, {0, 1}, 8, 1)};
  EXPECT_EQ(recommend(free_space(2), trials, {Aim::Error, 4, {}})->number, 1u);
  EXPECT_DOUBLE_EQ(Bounds({Aim::Error, 4, {}}, 10).violation(trials[1].outcome), 1);
}

TEST(Bounds, OfASpeedUpAreMissedWhileAllKeptIsUnknown) {
  const Goal goal{Aim::Error, {}, 1.25};
  EXPECT_EQ(Bounds(goal, std::nullopt).violation({TrialState::Complete, 5, 0, -1}), HUGE_VAL);
  EXPECT_DOUBLE_EQ(Bounds(goal, 10).violation({TrialState::Complete, 12, 0, -1}), 0.5);
  EXPECT_DOUBLE_EQ(Bounds(goal, 10).violation({TrialState::Complete, 8, 0, 0.25}), 0.25);
}

TEST(Goal, ComesBackFromItsText) {
  for (const Goal& goal : {Goal{}, Goal{Aim::Error, 150.5, {}}, Goal{Aim::Error, {}, 1.2},
                           Goal{Aim::Error, 3, 1.1}, Goal{Aim::Latency, {}, {}, 4},
                           Goal{Aim::Latency, {}, {}, {}, true}, Goal{Aim::Error, 3, {}, 4, true}})
    EXPECT_EQ(*parse_goal(to_text(goal)), goal) << to_text(goal);
  EXPECT_EQ(to_text(Goal{}), "latency");
  EXPECT_EQ(to_text(Goal{Aim::Error, 150, 1.2}), "error latency_us<=150 speed_up>=1.2");
  EXPECT_EQ(to_text(Goal{Aim::Latency, {}, {}, 4, true}), "latency casts<=4 whole_front");
}

TEST(Goal, IsNotReadFromOtherText) {
  for (const char* text :
       {"", "speed", "error latency_us<=", "error latency_us<=x", "error latency_us<=1 fast"}) {
    const Result<Goal> goal = parse_goal(text);
    ASSERT_FALSE(goal.ok()) << text;
    EXPECT_EQ(goal.error().what, "'" + std::string(text) + "' is no goal");
    EXPECT_EQ(goal.error().fix, "use the keel that made the study");
  }
}

TEST(Recommend, FallsBackToTheLeastViolation) {
  EXPECT_EQ(recommend(free_space(1), {trial(0, {0}, 10, 0, 0.5), trial(1, {1}, 5, 4, 2)})->number,
            0u);
}

Trial partial(std::uint64_t number, Assignment x, double us, double probing, double violation) {
  Trial made = trial(number, std::move(x), us, std::nan(""), violation);
  made.outcome.state = TrialState::Partial;
  made.outcome.probing_squared_error = probing;
  return made;
}

Trial kept_anchor(double violation) {
  Trial kept = trial(0, {0, 0, 0}, 10, 0, violation);
  kept.phase = Phase::Anchor;
  kept.outcome.probing_squared_error = 0;
  return kept;
}

// Of a refinement the error on all samples is estimated, which decides ties; a probe says nothing
// of requirements.
TEST(BestVerified, TakesWhatIsVerified) {
  std::vector<Trial> trials{kept_anchor(-1), partial(1, {0, 0, 1}, 5, 0.1, std::nan("")),
                            partial(2, {0, 1, 0}, 8, 0.3, -0.5), partial(3, {1, 0, 0}, 8, 0.2, -1),
                            partial(4, {1, 1, 0}, 7, 0.1, 0.1)};
  const Trial best = *best_verified(free_space(3), trials);
  EXPECT_EQ(best.number, 3u);
  EXPECT_DOUBLE_EQ(best.outcome.squared_error, 0.2);
  trials.push_back(trial(5, {1, 0, 0}, 8, 0.25, -1));  // the same in full
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 5u);
}

// An estimate that is a little less is no reason to leave what was measured.
TEST(BestVerified, PrefersWhatRanInFullToAnEstimate) {
  std::vector<Trial> trials{kept_anchor(-1), trial(1, {1, 0, 0}, 8, 0.25, -1),
                            partial(2, {0, 1, 0}, 8, 0.2, -1)};
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 1u);
  trials.push_back(partial(3, {0, 1, 1}, 8, 0.3, -1));
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 3u) << "fewer kept units";
}

// In full it missed a requirement and ended before its error was known.
TEST(BestVerified, DoesNotGoBackToWhatMissesInFull) {
  std::vector<Trial> trials{kept_anchor(-1), partial(1, {0, 1, 0}, 8, 0.2, -0.1)};
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 1u);
  Trial rejected = trial(2, {0, 1, 0}, 8, std::nan(""), 0.3);
  rejected.outcome.state = TrialState::Rejected;
  trials.push_back(rejected);
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 0u);
  EXPECT_EQ(recommend(free_space(3), trials)->number, 0u);
  trials.back().outcome.violation = std::nan("");  // for its latency, which says nothing of that
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 1u);
}

TEST(Recommend, TakesWhatRanInFullWhereThatMeetsEverything) {
  std::vector<Trial> trials{kept_anchor(0.1), partial(1, {0, 1, 0}, 8, 0.2, -1)};
  EXPECT_EQ(recommend(free_space(3), trials)->number, 1u);
  trials.push_back(trial(2, {1, 0, 0}, 9, 0.25, -1));
  EXPECT_EQ(recommend(free_space(3), trials)->number, 2u);
  EXPECT_EQ(best_verified(free_space(3), trials)->number, 1u);
}

TEST(Recommend, IsEmptyWithoutACompleteTrial) {
  Trial failed = trial(0, {0}, 0, 0);
  failed.outcome.state = TrialState::Failed;
  EXPECT_FALSE(recommend(free_space(1), {failed}).has_value());
}

}  // namespace
}  // namespace keel::search
