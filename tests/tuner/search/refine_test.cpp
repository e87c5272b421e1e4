#include "tuner/search/refine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/tuner/search/strategy_run.h"

namespace keel::search {
namespace {

/// Both anchors and all probes of a model without cliffs, and an incumbent that keeps half.
struct Study {
  explicit Study(std::uint64_t seed) : model(random_model(seed, 10)) {
    model.is_cliff.assign(10, 0);
    for (Unit& unit : model.space.units) unit.suspect = false;
    add(all_lowered(model.space));
    add(all_kept(model.space));
    for (std::size_t u = 0; u < 10; ++u) {
      Assignment probe = all_kept(model.space);
      probe[u] = 1;
      add(std::move(probe));
    }
    add({1, 1, 1, 1, 1, 0, 0, 0, 0, 0});
  }

  void add(Assignment x) {
    asked.insert(x);
    const Outcome outcome = model.measure(x);
    trials.push_back({trials.size(), std::move(x), Phase::Fill, outcome});
  }

  SyntheticModel model;
  std::vector<Trial> trials;
  std::set<Assignment> asked;
};

int distance(const Assignment& a, const Assignment& b) {
  int count = 0;
  for (std::size_t u = 0; u < a.size(); ++u) count += a[u] != b[u] ? 1 : 0;
  return count;
}

TEST(Refine, AsksForEachKeptUnitOnce) {
  Study study(1);
  const Surrogate surrogate(study.model.space, study.trials);
  const Trial incumbent = study.trials.back();
  const auto remaining = [&] {
    return uncertified_neighbours(study.model.space, surrogate, incumbent, study.trials,
                                  study.asked);
  };
  EXPECT_EQ(remaining().size(), 5u);
  for (const Assignment& x : remaining()) EXPECT_EQ(distance(x, incumbent.assignment), 1);
  study.add({1, 1, 1, 1, 1, 0, 1, 0, 0, 0});
  EXPECT_EQ(remaining().size(), 4u);
}

TEST(Refine, TriesAlsoWithoutAPinnedUnitButLast) {
  Study study(1);
  study.model.space.units[7].suspect = true;
  Trial& probe = study.trials[2 + 7];
  probe.outcome.squared_error = 0.25;
  probe.outcome.violation = 4;
  const Surrogate surrogate(
      with_pins(study.model.space, unit_findings(study.model.space, study.trials)), study.trials);
  const auto remaining = uncertified_neighbours(study.model.space, surrogate, study.trials.back(),
                                                study.trials, study.asked);
  ASSERT_EQ(remaining.size(), 5u);
  EXPECT_EQ(remaining.back()[7], 1);
}

// Six units without casts: one is a little faster lowered, another kept. The incumbent keeps less
// than the fastest, and is not much slower.
TEST(Refine, DoesNotTryWhatKeepsMoreAndIsNotTheFastest) {
  SyntheticModel model = plain_model(std::vector<double>(6, 1e-6), 1);
  for (Unit& unit : model.space.units) unit = {.kept_us = 20, .lowered_us = 20};
  model.space.units[1].kept_us = 19.7;
  model.space.units[4].kept_us = 19.9;
  std::vector<Trial> trials;
  const auto add = [&](const Assignment& x, Phase phase) {
    trials.push_back({trials.size(), x, phase, model.measure(x)});
  };
  add(all_lowered(model.space), Phase::Anchor);
  add(all_kept(model.space), Phase::Anchor);
  for (UnitIndex u = 0; u < 6; ++u) add(lowered_alone(model.space, {u}), Phase::Probe);
  std::set<Assignment> asked;
  for (const Trial& trial : trials) asked.insert(trial.assignment);
  const Surrogate surrogate(model.space, trials);
  const auto promising = [&](const std::vector<Trial>& verified) {
    return promising_neighbours(surrogate, trials[0], verified, asked, 8);
  };
  // All kept and some probes are faster than what keeps one of the two, and keep more.
  EXPECT_TRUE(promising(trials).empty());
  EXPECT_EQ(promising({trials[0]}).front(), (Assignment{1, 0, 1, 1, 1, 1}));
}

TEST(Refine, ProposesOnlyUnaskedNeighboursThatLookFaster) {
  int proposed = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Study study(seed);
    const Surrogate surrogate(study.model.space, study.trials);
    const Trial& incumbent = study.trials.back();
    const double incumbent_us = predicted_latency_us(surrogate.space(), incumbent.assignment);
    const auto neighbours =
        promising_neighbours(surrogate, incumbent, study.trials, study.asked, 4);
    EXPECT_LE(neighbours.size(), 4u);
    for (const Assignment& x : neighbours) {
      EXPECT_FALSE(study.asked.contains(x));
      EXPECT_LE(distance(x, incumbent.assignment), 2);
      EXPECT_LT(predicted_latency_us(surrogate.space(), x), incumbent_us);
      ++proposed;
    }
  }
  EXPECT_GT(proposed, 10);
}

}  // namespace
}  // namespace keel::search
