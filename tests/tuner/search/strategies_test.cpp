#include "tuner/search/strategies.h"

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <ostream>
#include <set>
#include <string>

#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {

// Names the parameter in test output.
void PrintTo(const StrategyKind& kind, std::ostream* out) { *out << kind.name; }

namespace {

/// Asks ahead until `outstanding` trials wait, then tells the oldest: as the engine does.
std::vector<Trial> run(Strategy& strategy, const SyntheticModel& model, std::size_t outstanding) {
  std::vector<Trial> asked;
  std::deque<Trial> waiting;
  while (true) {
    while (waiting.size() < outstanding) {
      std::optional<Proposal> proposal = strategy.ask();
      if (!proposal) break;
      const Outcome outcome = model.measure(proposal->assignment);
      asked.push_back({asked.size(), std::move(proposal->assignment), proposal->phase, outcome});
      waiting.push_back(asked.back());
    }
    if (waiting.empty()) return asked;
    strategy.tell(waiting.front());
    waiting.pop_front();
  }
}

SyntheticModel partly_fixed_model(std::uint64_t seed) {
  SyntheticModel model = random_model(seed, 18);
  model.space.units[2].state = UnitState::Kept;
  model.space.units[7].state = UnitState::Kept;
  model.space.units[11].state = UnitState::Lowered;
  model.is_cliff[11] = 0;
  return model;
}

class StrategyContract : public testing::TestWithParam<StrategyKind> {
 protected:
  std::vector<Trial> run_anew(const SyntheticModel& model, StrategyOptions options,
                              std::size_t outstanding) const {
    return run(*GetParam().make(model.space, options), model, outstanding);
  }
};

std::vector<std::size_t> interleavings() { return {1, 6}; }

TEST_P(StrategyContract, NeverAsksTheSameTwiceAndRespectsFixedUnits) {
  for (const std::size_t outstanding : interleavings()) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const SyntheticModel model = partly_fixed_model(seed);
      std::set<Assignment> seen;
      for (const Trial& trial : run_anew(model, {seed, 120}, outstanding)) {
        EXPECT_TRUE(seen.insert(trial.assignment).second) << "trial " << trial.number;
        EXPECT_EQ(with_fixed_units(model.space, trial.assignment), trial.assignment);
      }
    }
  }
}

// Of the kinds a mixed mode has: chains, and several that follow one. Leaders may come later.
SyntheticModel model_with_followers(std::uint64_t seed) {
  SyntheticModel model = random_model(seed, 18);
  for (const auto& [unit, leader] :
       {std::pair{3, 1}, {4, 3}, {6, 3}, {9, 8}, {15, 9}, {16, 0}, {1, 17}, {5, 13}})
    model.space.units[static_cast<std::size_t>(unit)].follows = static_cast<UnitIndex>(leader);
  return model;
}

TEST_P(StrategyContract, LowersAFollowerOnlyWithWhatItFollows) {
  for (const std::size_t outstanding : interleavings())
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const SyntheticModel model = model_with_followers(seed);
      std::set<Assignment> seen;
      for (const Trial& trial : run_anew(model, {seed, 120}, outstanding)) {
        EXPECT_TRUE(seen.insert(trial.assignment).second) << "trial " << trial.number;
        EXPECT_TRUE(is_realised(model.space, trial.assignment)) << "trial " << trial.number;
      }
      EXPECT_GT(seen.size(), 20U);
    }
}

SyntheticModel model_with_gangs(std::uint64_t seed) {
  SyntheticModel model = random_model(seed, 18);
  for (const auto& [unit, first] : {std::pair{5, 2}, {9, 2}, {17, 2}, {11, 10}})
    model.space.units[static_cast<std::size_t>(unit)].gang = static_cast<UnitIndex>(first);
  model.space.units[12].follows = 11;
  return model;
}

TEST_P(StrategyContract, GivesUnitsThatMustAgreeTheSameBit) {
  for (const std::size_t outstanding : interleavings())
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const SyntheticModel model = model_with_gangs(seed);
      std::set<Assignment> seen;
      for (const Trial& trial : run_anew(model, {seed, 120}, outstanding)) {
        EXPECT_TRUE(seen.insert(trial.assignment).second) << "trial " << trial.number;
        EXPECT_TRUE(is_realised(model.space, trial.assignment)) << "trial " << trial.number;
      }
      EXPECT_GT(seen.size(), 15U);
    }
}

// Two gangs of two have four realised assignments.
TEST_P(StrategyContract, ExhaustsGangsAtMostOnce) {
  SyntheticModel model = random_model(2, 4);
  model.space.units[2].gang = 0;
  model.space.units[3].gang = 1;
  EXPECT_LE(run_anew(model, {1, 50}, 4).size(), 4u);
}

// A chain of three has four realised assignments.
TEST_P(StrategyContract, ExhaustsAChainOfFollowersAtMostOnce) {
  SyntheticModel model = random_model(2, 3);
  model.space.units[1].follows = 0;
  model.space.units[2].follows = 1;
  EXPECT_LE(run_anew(model, {1, 50}, 4).size(), 4u);
}

TEST_P(StrategyContract, FinishesWithinTheBudget) {
  const SyntheticModel model = partly_fixed_model(3);
  for (const std::size_t outstanding : interleavings())
    for (const std::size_t budget : {0u, 1u, 2u, 3u, 7u, 20u, 60u})
      EXPECT_LE(run_anew(model, {1, budget}, outstanding).size(), budget);
}

TEST_P(StrategyContract, AsksBothAnchorsFirst) {
  const SyntheticModel model = partly_fixed_model(3);
  const std::vector<Trial> trials = run_anew(model, {1, 30}, 4);
  ASSERT_GE(trials.size(), 2u);
  EXPECT_EQ(trials[0].assignment, all_lowered(model.space));
  EXPECT_EQ(trials[1].assignment, all_kept(model.space));
}

TEST_P(StrategyContract, AsksTheSameForTheSameCalls) {
  for (const std::size_t outstanding : interleavings()) {
    const SyntheticModel model = partly_fixed_model(4);
    const std::vector<Trial> first = run_anew(model, {9, 90}, outstanding);
    const std::vector<Trial> second = run_anew(model, {9, 90}, outstanding);
    ASSERT_EQ(first.size(), second.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_EQ(first[i].assignment, second[i].assignment);
      EXPECT_EQ(first[i].phase, second[i].phase);
    }
  }
}

// A study that was killed anywhere goes on as if it had not been: the engine asks ahead, and tells
// what is recorded already in the order in which it would have come.
TEST_P(StrategyContract, ContinuesAReplayedStudy) {
  const SyntheticModel model = partly_fixed_model(5);
  for (const std::size_t outstanding : interleavings()) {
    const std::vector<Trial> whole = run_anew(model, {2, 80}, outstanding);
    for (std::size_t cut = 0; cut < whole.size(); cut += 9) {
      const std::unique_ptr<Strategy> resumed = GetParam().make(model.space, {2, 80});
      std::size_t asked = 0;
      for (std::size_t told = 0; told <= cut; ++told) {
        while (asked < told + outstanding && asked < whole.size()) {
          const std::optional<Proposal> next = resumed->ask();
          if (!next) break;
          EXPECT_EQ(next->assignment, whole[asked].assignment) << "trial " << asked;
          EXPECT_EQ(next->phase, whole[asked].phase) << "trial " << asked;
          ++asked;
        }
        ASSERT_GT(asked, told) << "cut at " << cut;
        resumed->tell(whole[told]);
      }
    }
  }
}

// What is not told yet cannot be known: ask() is empty until it is, and the search goes on then.
TEST_P(StrategyContract, GoesOnAfterItHadToWait) {
  const SyntheticModel model = partly_fixed_model(6);
  std::vector<Trial> one_by_one = run_anew(model, {3, 60}, 1);
  std::vector<Trial> far_ahead = run_anew(model, {3, 60}, 60);
  EXPECT_GT(one_by_one.size(), 20U);
  EXPECT_GT(far_ahead.size(), 20U);
}

// Without a bound everything is met; with one that nothing meets, nothing is.
TEST_P(StrategyContract, SearchesOnWhateverTheRequirement) {
  for (const double violation : {-std::numeric_limits<double>::infinity(), 1.0}) {
    const SyntheticModel model = partly_fixed_model(7);
    const std::unique_ptr<Strategy> strategy = GetParam().make(model.space, {3, 40});
    std::uint64_t number = 0;
    while (std::optional<Proposal> proposal = strategy->ask()) {
      Outcome outcome = model.measure(proposal->assignment);
      outcome.violation = violation;
      strategy->tell({number++, proposal->assignment, proposal->phase, outcome});
    }
    EXPECT_GT(number, 15U) << "violation " << violation;
  }
}

TEST_P(StrategyContract, HasADefaultBudgetThatItsSearchFitsIn) {
  const SyntheticModel model = partly_fixed_model(5);
  const Result<std::size_t> trials = GetParam().default_trials(model.space);
  ASSERT_TRUE(trials.ok());
  EXPECT_GT(*trials, 3 * 15U);
  EXPECT_LE(run_anew(model, {2, *trials}, 8).size(), *trials);
}

TEST_P(StrategyContract, StandsASpaceWithNothingToDecide) {
  SyntheticModel model = random_model(1, 4);
  for (Unit& unit : model.space.units) unit.state = UnitState::Kept;
  EXPECT_EQ(run_anew(model, {1, 50}, 4).size(), 1u);
}

TEST_P(StrategyContract, ExhaustsATinySpaceAtMostOnce) {
  const SyntheticModel model = random_model(2, 2);
  EXPECT_LE(run_anew(model, {1, 50}, 4).size(), 4u);
}

TEST_P(StrategyContract, StandsAModelThatOnlyFails) {
  SyntheticModel model = random_model(2, 6);
  model.is_cliff.assign(6, 1);
  model.is_non_finite.assign(6, 1);
  const std::vector<Trial> trials = run_anew(model, {1, 50}, 4);
  EXPECT_EQ(recommend(model.space, trials)->assignment, all_kept(model.space));

  const std::unique_ptr<Strategy> strategy = GetParam().make(model.space, {1, 50});
  std::uint64_t number = 0;
  while (std::optional<Proposal> proposal = strategy->ask())
    strategy->tell(
        {number++, proposal->assignment, proposal->phase, {TrialState::Failed, 0, 0, 0}});
  EXPECT_LE(number, 50u);
}

INSTANTIATE_TEST_SUITE_P(All, StrategyContract,
                         testing::ValuesIn(strategies().begin(), strategies().end()),
                         [](const testing::TestParamInfo<StrategyKind>& parameter) {
                           std::string name(parameter.param.name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(Strategies, FindsEachByItsName) {
  for (const StrategyKind& kind : strategies())
    EXPECT_EQ(find_strategy(kind.name)->name, kind.name);
}

TEST(Strategies, ListsTheNamesWhenOneIsUnknown) {
  const Result<StrategyKind> found = find_strategy("annealing");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().what, "no search strategy is named 'annealing'");
  EXPECT_EQ(
      found.error().fix,
      "use one of 'additive-cut', 'random', 'mark', 'segment', 'rank', 'nsga2', 'exhaustive'");
}

}  // namespace
}  // namespace keel::search
