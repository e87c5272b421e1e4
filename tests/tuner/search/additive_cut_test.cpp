#include "tuner/search/additive_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "compiler/base/random.h"
#include "tests/tuner/search/strategy_run.h"
#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/bounds.h"
#include "tuner/search/free_units.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/random_search.h"
#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

std::vector<Trial> tune(const SyntheticModel& model, std::size_t max_trials) {
  return run_to_the_end(make_additive_cut(model.space, {1, max_trials}), model);
}

std::vector<Trial> exhaustive(const SyntheticModel& model) {
  std::vector<Trial> trials;
  for (const Assignment& x : every_assignment(model.space)) {
    const bool is_anchor = x == all_kept(model.space) || x == all_lowered(model.space);
    trials.push_back({trials.size(), x, is_anchor ? Phase::Anchor : Phase::Fill, model.measure(x)});
  }
  return trials;
}

// Without what lowers a cliff: volume there is of no use to anyone.
double volume(const Space& space, const std::vector<Trial>& trials,
              const std::vector<Trial>& anchors) {
  Hypervolume total(reference_point(space, anchors), {});
  for (const Trial& trial : trials)
    if (trial.outcome.state == TrialState::Complete && trial.outcome.squared_error < 0.1)
      total.add({log_error(trial.outcome.squared_error), trial.outcome.latency_us});
  return total.value();
}

TEST(AdditiveCut, ReachesTheExhaustiveOptimumInFewEvaluations) {
  int optimal = 0;
  constexpr std::uint64_t kModels = 24;
  for (std::uint64_t seed = 1; seed <= kModels; ++seed) {
    const SyntheticModel model = random_model(seed, 12 + seed % 3);
    const std::vector<Trial> trials = tune(model, 200);
    const double best_us = fastest_feasible_us(exhaustive(model));
    EXPECT_LE(trials.size(), 100u) << "seed " << seed;
    EXPECT_LE(fastest_feasible_us(trials), 1.02 * best_us) << "seed " << seed;
    optimal += fastest_feasible_us(trials) <= best_us * (1 + 1e-9) ? 1 : 0;
  }
  EXPECT_GE(optimal, 22);
}

TEST(AdditiveCut, MapsTheFrontInFewEvaluations) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const SyntheticModel model = random_model(seed, 13);
    const std::vector<Trial> all = exhaustive(model);
    EXPECT_GE(volume(model.space, tune(model, 200), all), 0.99 * volume(model.space, all, all))
        << "seed " << seed;
  }
}

TEST(AdditiveCut, BeatsRandomSearchWithAThirdOfItsEvaluations) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const SyntheticModel model = random_model(seed, 20 + seed);
    const std::vector<Trial> trials = tune(model, 300);
    const std::vector<Trial> random =
        run_to_the_end(make_random_search(model.space, {1, 3 * trials.size()}), model);
    EXPECT_LT(fastest_feasible_us(trials), fastest_feasible_us(random)) << "seed " << seed;
  }
}

// Kept in HF32, a convolution may be rounded more than lowered to fp16.
TEST(AdditiveCut, MapsTheFrontWhereLoweringTakesErrorAway) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SyntheticModel model = random_model(seed, 12);
    model.is_cliff.assign(12, 0);
    model.truth.base = 1e-5;
    for (const std::size_t u : {2u, 5u, 6u, 9u}) model.truth.unit[u] = -2e-6;
    const std::vector<Trial> all = exhaustive(model);
    EXPECT_GE(volume(model.space, tune(model, 200), all), 0.97 * volume(model.space, all, all))
        << "seed " << seed;
  }
}

// The requirement first, then the front with what is left; and still it ends by itself.
TEST(AdditiveCut, GoesOnWithTheFrontAfterItHasRefinedAndEndsBeforeALargeBudget) {
  int went_on = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const SyntheticModel model = random_model(seed, 14);
    const std::vector<Trial> trials = tune(model, 1000);
    EXPECT_LT(trials.size(), 160u) << "seed " << seed;
    const auto refined = std::ranges::find(trials, Phase::Refine, &Trial::phase);
    went_on += std::find_if(refined, trials.end(), [](const Trial& trial) {
                 return trial.phase == Phase::Fill;
               }) != trials.end();
  }
  EXPECT_GE(went_on, 2);  // the others had nothing left that promised gain
}

// What Fill proposes turns out to be worse than anything before.
std::size_t filled_in_vain(std::size_t max_trials) {
  const SyntheticModel model = random_model(6, 40);
  const auto strategy = make_additive_cut(model.space, {1, max_trials});
  std::size_t filled = 0;
  std::uint64_t number = 0;
  while (std::optional<Proposal> proposal = strategy->ask()) {
    Outcome outcome = model.measure(proposal->assignment);
    if (proposal->phase == Phase::Fill) {
      ++filled;
      outcome.squared_error *= 1 + static_cast<double>(filled % 3) * 1e4;
      outcome.latency_us = 2 * model.measure(all_kept(model.space)).latency_us;
    }
    strategy->tell({number++, proposal->assignment, proposal->phase, outcome});
  }
  return filled;
}

TEST(AdditiveCut, LeavesTheFrontAfterTrialsThatBroughtNothing) {
  EXPECT_LE(filled_in_vain(500), 140u);  // before and after Refine
}

TEST(AdditiveCut, TakesAnEighthOfALargeBudgetToGiveUp) {
  const std::size_t filled = filled_in_vain(2000);
  EXPECT_GE(filled, 250u);
  EXPECT_LE(filled, 500u);
}

// The certificate that the report prints.
TEST(AdditiveCut, EvaluatesTheVariantWithoutEachUnitItKeeps) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const SyntheticModel model = random_model(seed, 24);
    const std::vector<Trial> trials = tune(model, 1000);
    const Trial chosen = *recommend(model.space, trials);
    for (UnitIndex u = 0; u < model.space.units.size(); ++u) {
      if (chosen.assignment[u] != 0) continue;
      Assignment without = chosen.assignment;
      without[u] = 1;
      const auto trial = std::find_if(trials.begin(), trials.end(), [&](const Trial& each) {
        return each.assignment == without;
      });
      ASSERT_NE(trial, trials.end()) << "seed " << seed << " unit " << u;
      EXPECT_TRUE(trial->outcome.violation > 0 ||
                  trial->outcome.latency_us >= chosen.outcome.latency_us);
    }
  }
}

TEST(AdditiveCut, ReachesTheLeastErrorUnderABoundOnLatency) {
  int searched = 0;
  int optimal = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SyntheticModel model = random_model(seed, 13);
    model.error_bound = 1e9;  // nothing is required of the error
    const Goal goal = least_error(model);
    const std::vector<Trial> trials =
        run_to_the_end(make_additive_cut(model.space, {1, 400, goal}), model);
    const Trial found = *recommend(model.space, trials, goal);
    const Trial best = *recommend(model.space, exhaustive(model), goal);
    if (best.outcome.squared_error > 0.01) continue;  // only a cliff is fast enough: not searched
    ++searched;
    ASSERT_LE(found.outcome.latency_us, *goal.max_latency_us) << "seed " << seed;
    EXPECT_LT(trials.size(), 200u);
    const double ratio = std::sqrt(found.outcome.squared_error / best.outcome.squared_error);
    EXPECT_LT(ratio, 1.25) << "seed " << seed;
    optimal += ratio < 1.006 ? 1 : 0;
  }
  EXPECT_GE(searched, 9);
  EXPECT_GE(optimal, searched - 1);
}

// A third of the casts that the unbounded answer has.
TEST(AdditiveCut, ComesNearTheExhaustiveOptimumUnderABoundOnCasts) {
  int optimal = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const SyntheticModel model = random_model(seed, 13);
    const std::vector<Trial> all = exhaustive(model);
    Goal goal;
    goal.max_casts = recommend(model.space, all)->outcome.casts / 3;
    const std::vector<Trial> trials =
        run_to_the_end(make_additive_cut(model.space, {1, 300, goal}), model);
    const Trial found = *recommend(model.space, trials, goal);
    const Trial best = *recommend(model.space, all, goal);
    ASSERT_LE(found.outcome.casts, *goal.max_casts) << "seed " << seed;
    EXPECT_LT(found.outcome.latency_us, best.outcome.latency_us * 1.05) << "seed " << seed;
    optimal += found.outcome.latency_us < best.outcome.latency_us * 1.006 ? 1 : 0;
  }
  EXPECT_GE(optimal, 9);
}

TEST(AdditiveCut, EvaluatesTheVariantThatKeepsEachUnitItLowersWhereTheErrorIsTheAim) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const SyntheticModel model = random_model(seed, 20);
    const Goal goal = least_error(model);
    const std::vector<Trial> trials =
        run_to_the_end(make_additive_cut(model.space, {1, 1000, goal}), model);
    const Trial chosen = *recommend(model.space, trials, goal);
    if (Bounds(goal, model.space, trials).violation(chosen.outcome) > 0) continue;
    for (UnitIndex u = 0; u < model.space.units.size(); ++u) {
      if (chosen.assignment[u] == 0) continue;
      Assignment kept = chosen.assignment;
      kept[u] = 0;
      EXPECT_NE(std::ranges::find(trials, kept, &Trial::assignment), trials.end())
          << "seed " << seed << " unit " << u;
    }
  }
}

TEST(AdditiveCut, AsksForTheFrontAloneWhereItIsTheGoal) {
  Goal goal;
  goal.whole_front = true;
  double shares = 0, shares_of_default = 0;
  constexpr std::uint64_t kModels = 12;
  for (std::uint64_t seed = 1; seed <= kModels; ++seed) {
    const SyntheticModel model = random_model(seed, 13);
    constexpr std::size_t kTrials = 40;
    const std::vector<Trial> trials =
        run_to_the_end(make_additive_cut(model.space, {1, kTrials, goal}), model);
    EXPECT_EQ(std::ranges::count(trials, Phase::Refine, &Trial::phase), 0) << "seed " << seed;
    EXPECT_LE(trials.size(), kTrials);
    const std::vector<Trial> all = exhaustive(model);
    const double most = volume(model.space, all, all);
    shares += volume(model.space, trials, all) / most / kModels;
    shares_of_default += volume(model.space, tune(model, kTrials), all) / most / kModels;
  }
  EXPECT_GT(shares, shares_of_default);
  EXPECT_GT(shares, 0.99);
}

// Of the two cliffs one is not finite.
TEST(AdditiveCut, ShowsTheFastestFiniteVariantWhereAllLoweredIsNot) {
  SyntheticModel model = random_model(6, 20);
  Assignment fastest = all_lowered(model.space);
  for (std::size_t u = 0; u < fastest.size(); ++u)
    if (model.is_cliff[u] != 0 && model.is_non_finite[u] != 0) fastest[u] = 0;
  std::vector<Trial> trials = tune(model, 60);
  EXPECT_EQ(trials[23].phase, Phase::Anchor);
  EXPECT_EQ(trials[23].assignment, fastest);
  model.is_non_finite.assign(20, 0);
  trials = tune(model, 60);
  EXPECT_EQ(std::ranges::find(trials, fastest, &Trial::assignment), trials.end());
}

TEST(AdditiveCut, NeverLowersACliffInWhatTheModelProposes) {
  const SyntheticModel model = random_model(6, 20);
  for (const Trial& trial : tune(model, 300)) {
    if (trial.phase != Phase::Front && trial.phase != Phase::Fill) continue;
    for (std::size_t u = 0; u < model.is_cliff.size(); ++u)
      EXPECT_FALSE(model.is_cliff[u] != 0 && trial.assignment[u] != 0);
  }
}

TEST(AdditiveCut, ProbesAPoleTogetherAndKeepsAllOfItFromThenOn) {
  SyntheticModel model = random_model(6, 20);
  model.is_cliff.assign(20, 0);
  model.space.poles = {{{4, 9}}, {{2}, true}};
  const auto strategy = make_additive_cut(model.space, {1, 300});
  std::vector<Trial> trials;
  while (std::optional<Proposal> proposal = strategy->ask()) {
    Outcome outcome = model.measure(proposal->assignment);
    if (proposal->assignment[4] != 0 && proposal->assignment[9] != 0)
      outcome = {TrialState::NonFinite, outcome.latency_us, 0, 1};
    trials.push_back({trials.size(), proposal->assignment, proposal->phase, outcome});
    strategy->tell(trials.back());
  }
  EXPECT_EQ(trials[2].assignment, lowered_alone(model.space, {4, 9}));
  for (const Trial& trial : trials) {
    if (trial.phase == Phase::Anchor || trial.phase == Phase::Probe) continue;
    EXPECT_TRUE(trial.assignment[4] == 0 && trial.assignment[9] == 0 && trial.assignment[2] == 0)
        << trial.number;
  }
}

// The last first: so each probe shares with the anchor all that lies before its unit.
TEST(AdditiveCut, ProbesEachUnitOnceTheLastFirst) {
  const SyntheticModel model = random_model(6, 20);
  const std::vector<Trial> trials = tune(model, 300);
  for (std::size_t i = 2; i < 22; ++i) {
    ASSERT_EQ(trials[i].phase, Phase::Probe);
    const auto unit = static_cast<std::size_t>(
        std::find(trials[i].assignment.begin(), trials[i].assignment.end(), 1) -
        trials[i].assignment.begin());
    EXPECT_EQ(unit, 21 - i);
  }
  EXPECT_EQ(trials[22].phase, Phase::Anchor);
}

struct Late {
  std::vector<Trial> trials;
  std::vector<std::size_t> waiting_at_fills;  ///< trials on their way after each ask of Fill
};

// A trial is told only when ask() is empty.
Late told_late(const SyntheticModel& model, const StrategyOptions& options) {
  const auto strategy = make_additive_cut(model.space, options);
  Late late;
  std::size_t told = 0;
  while (true) {
    if (const std::optional<Proposal> proposal = strategy->ask()) {
      late.trials.push_back({late.trials.size(), proposal->assignment, proposal->phase,
                             model.measure(proposal->assignment)});
      if (proposal->phase == Phase::Fill)
        late.waiting_at_fills.push_back(late.trials.size() - told);
      continue;
    }
    if (told == late.trials.size()) return late;
    strategy->tell(late.trials[told++]);
  }
}

std::vector<std::size_t> waiting_at_fills(const SyntheticModel& model,
                                          const StrategyOptions& options) {
  return told_late(model, options).waiting_at_fills;
}

// Every third unit changes no output and no latency.
TEST(AdditiveCut, SeldomEvaluatesAgainUnderAnotherName) {
  Rng rng(3);
  std::vector<double> squared_errors(24, 0);
  for (UnitIndex u = 0; u < 24; ++u)
    if (u % 3 != 0) squared_errors[u] = std::pow(10, -9 + 4 * rng.uniform());
  SyntheticModel model = plain_model(squared_errors, 1e-3);
  for (UnitIndex u = 0; u < 24; ++u) {
    Unit& unit = model.space.units[u];
    unit.kept_us = unit.lowered_us = 20;
    if (u % 3 != 0) unit.lowered_us -= 1 + 8 * rng.uniform();
  }
  std::set<double> seen;
  int again = 0, chosen = 0;
  for (const Trial& trial : told_late(model, {1, 90}).trials) {
    const bool is_new = seen.insert(trial.outcome.squared_error).second;
    if (trial.phase != Phase::Front && trial.phase != Phase::Fill) continue;
    ++chosen;
    if (!is_new) ++again;
  }
  EXPECT_GE(chosen, 30);
  EXPECT_LE(again, 2);
}

TEST(AdditiveCut, FillsOnWhileABatchIsOnItsWay) {
  EXPECT_EQ(std::ranges::max(waiting_at_fills(random_model(6, 30), {1, 400})), 8u);
}

TEST(AdditiveCut, LeavesAThirdOfATightBudgetToRefinement) {
  const SyntheticModel model = random_model(6, 30);
  const std::vector<Trial> trials = tune(model, 78);
  // Of the 45 that probes and anchors leave.
  EXPECT_GE(std::ranges::count(trials, Phase::Refine, &Trial::phase), 15);
}

TEST(AdditiveCut, BeginsNoCertificateThatTheBudgetCannotEnd) {
  const SyntheticModel model = random_model(6, 30);
  const std::vector<Trial> trials = tune(model, 40);
  ASSERT_EQ(trials.size(), 40u);
  const Trial chosen = *recommend(model.space, trials);
  ASSERT_GT(kept_units(model.space, chosen.assignment), 7);  // a third of what is left
  EXPECT_LE(std::ranges::count(trials, Phase::Refine, &Trial::phase), 1);
  EXPECT_GE(std::ranges::count(trials, Phase::Fill, &Trial::phase), 12);
}

// Whatever the front has still to gain: few units are kept.
TEST(AdditiveCut, EndsTheCertificateThatTheBudgetHasRoomFor) {
  int certified = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SyntheticModel model = random_model(seed, 30);
    model.error_bound *= 10;
    const std::vector<Trial> trials = tune(model, 64);
    const Trial chosen = *recommend(model.space, trials);
    certified += std::ranges::all_of(free_units(model.space), [&](UnitIndex u) {
      Assignment without = chosen.assignment;
      without[u] = 1;
      return std::ranges::find(trials, without, &Trial::assignment) != trials.end();
    });
  }
  EXPECT_EQ(certified, 8);
}

TEST(AdditiveCut, WaitsForNoTrialWhereNothingCanBeRefined) {
  SyntheticModel model = random_model(6, 30);
  model.error_bound = 0;  // met by nothing
  const std::vector<std::size_t> waiting = waiting_at_fills(model, {1, 76});
  ASSERT_GT(waiting.size(), 20u);
  // Each batch of four is asked while one is on its way.
  for (std::size_t i = 4; i < waiting.size(); ++i) EXPECT_GT(waiting[i], 4u) << "ask " << i;
}

TEST(AdditiveCut, NeedsFewProbesAfterAnEarlierStudy) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SyntheticModel model = random_model(seed, 60);
    const double without_us = fastest_feasible_us(tune(model, 150));
    Rng rng(seed);
    for (UnitIndex u = 0; u < 60; ++u)
      if (const Outcome alone = model.measure(lowered_alone(model.space, {u}));
          alone.state == TrialState::Complete)
        model.space.units[u].earlier_squared_error =
            alone.squared_error * 0.3 * (0.5 + rng.uniform());
    const std::vector<Trial> trials = tune(model, 150);
    EXPECT_LE(std::ranges::count(trials, Phase::Probe, &Trial::phase), 30) << seed;
    EXPECT_LE(fastest_feasible_us(trials), 1.01 * without_us) << seed;
  }
}

// 120 units: a budget of 190 leaves 80 trials to the front beside 110 probes and anchors.
TEST(AdditiveCut, LeavesEightyTrialsToTheFrontOfABudgetThatHasThem) {
  const SyntheticModel model = random_model(4, 120);
  for (const auto& [budget, probed] : {std::pair{150u, 75u}, {190u, 110u}, {240u, 130u}}) {
    std::size_t before_the_front = 0;
    for (const Trial& trial : tune(model, budget))
      before_the_front += trial.phase == Phase::Anchor || trial.phase == Phase::Probe ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(before_the_front), probed, 8) << budget;
  }
}

// With the two anchors before them.
TEST(AdditiveCut, SpendsNineTwentiethsOfATightBudgetOnProbes) {
  const SyntheticModel model = random_model(6, 30);
  for (const auto& [budget, probes] : {std::pair{24u, 8}, {40u, 16}, {60u, 25}}) {
    const std::vector<Trial> trials = tune(model, budget);
    EXPECT_EQ(trials.size(), budget);
    EXPECT_EQ(std::ranges::count(trials, Phase::Probe, &Trial::phase), probes) << budget;
  }
}

TEST(AdditiveCut, SpendsUpToHalfOfATightBudgetOnWhatIsSuspect) {
  SyntheticModel model = random_model(6, 30);
  for (UnitIndex u = 0; u < 30; ++u) model.space.units[u].suspect = u < 10;
  const std::vector<Trial> trials = tune(model, 24);
  EXPECT_EQ(std::ranges::count(trials, Phase::Probe, &Trial::phase), 10);
  for (const Trial& trial : trials) {
    if (trial.phase != Phase::Probe) continue;
    EXPECT_LT(*only_lowered(model.space, trial.assignment, all_kept(model.space)), 10u);
  }
}

TEST(AdditiveCut, RecommendsAllLoweredWhereItMeetsTheRequirements) {
  SyntheticModel model = random_model(4, 16);
  model.is_cliff.assign(16, 0);
  model.error_bound = 0.5;
  for (Unit& unit : model.space.units) unit.lowered_us = 0.5 * unit.kept_us;
  model.hidden_us.assign(16, 0);
  const std::vector<Trial> trials = tune(model, 200);
  const double all_lowered_us = trials[0].outcome.latency_us;
  EXPECT_LE(recommend(model.space, trials)->outcome.latency_us, all_lowered_us * 1.005);
}

TEST(AdditiveCut, StopsWhenNothingCanMeetTheRequirements) {
  SyntheticModel model = random_model(4, 10);
  model.error_bound = 1e-12;
  model.truth.base = 1e-6;
  const std::vector<Trial> trials = tune(model, 500);
  EXPECT_LT(trials.size(), 100u);
  for (const Trial& trial : trials) EXPECT_NE(trial.phase, Phase::Refine);
}

}  // namespace
}  // namespace keel::search
