#include "tuner/search/nsga2.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "compiler/base/random.h"
#include "tuner/search/free_units.h"
#include "tuner/search/hypervolume.h"
#include "tuner/search/random_search.h"
#include "tuner/search/script.h"

namespace keel::search {
namespace {

constexpr std::size_t kPopulation = 24;
constexpr double kCrossover = 0.9;  // as in the paper
// Draws for one child before it is given up.
constexpr int kMostDraws = 200;

struct Individual {
  Assignment assignment;
  bool is_complete = false;
  std::array<double, 2> costs{};  ///< latency_us, log error
  int rank = 0;                   ///< of its front; 0 is not dominated
  double crowding = 0;            ///< larger: lonelier in its front
};

Individual individual(const Assignment& x, const Outcome& outcome) {
  const bool is_complete =
      outcome.state == TrialState::Complete && std::isfinite(outcome.squared_error);
  if (!is_complete) return {x};
  return {x, true, {outcome.latency_us, log_error(outcome.squared_error)}};
}

bool dominates(const Individual& a, const Individual& b) {
  if (a.is_complete != b.is_complete) return a.is_complete;
  return a.costs[0] <= b.costs[0] && a.costs[1] <= b.costs[1] && a.costs != b.costs;
}

void set_crowding(std::vector<Individual*> front) {
  for (std::size_t cost = 0; cost < 2; ++cost) {
    std::ranges::stable_sort(front, {}, [&](const Individual* each) { return each->costs[cost]; });
    const double range = front.back()->costs[cost] - front.front()->costs[cost];
    front.front()->crowding = front.back()->crowding = std::numeric_limits<double>::infinity();
    if (range <= 0) continue;
    for (std::size_t i = 1; i + 1 < front.size(); ++i)
      front[i]->crowding += (front[i + 1]->costs[cost] - front[i - 1]->costs[cost]) / range;
  }
}

bool is_better(const Individual& a, const Individual& b) {
  return std::pair(a.rank, -a.crowding) < std::pair(b.rank, -b.crowding);
}

/// The best kPopulation, with rank and crowding.
std::vector<Individual> survivors(std::vector<Individual> all) {
  std::vector<Individual*> unranked;
  for (Individual& each : all) {
    each.crowding = 0;
    unranked.push_back(&each);
  }
  for (int rank = 0; !unranked.empty(); ++rank) {
    const auto is_dominated = [&](const Individual* each) {
      return std::ranges::any_of(unranked,
                                 [&](const Individual* other) { return dominates(*other, *each); });
    };
    std::vector<Individual*> front, rest;
    for (Individual* each : unranked) (is_dominated(each) ? rest : front).push_back(each);
    for (Individual* each : front) each->rank = rank;
    set_crowding(front);
    unranked = std::move(rest);
  }
  std::ranges::stable_sort(all, is_better);
  if (all.size() > kPopulation) all.resize(kPopulation);
  return all;
}

class Breeding {
 public:
  Breeding(const Space& space, std::uint64_t seed)
      : space_(space),
        units_(free_units(space)),
        rng_(seed),
        drawn_{all_lowered(space), all_kept(space)} {}

  std::vector<Assignment> immigrants(std::size_t count) {
    return fresh(count, [&] { return draw_assignment(space_, rng_); });
  }

  std::vector<Assignment> children(const std::vector<Individual>& parents) {
    return fresh(kPopulation, [&] { return child(parents); });
  }

 private:
  /// Up to `count` that are no anchor and were never drawn; fewer where none is found.
  template <class Draw>
  std::vector<Assignment> fresh(std::size_t count, const Draw& draw) {
    std::vector<Assignment> result;
    while (result.size() < count) {
      Assignment x = draw();
      for (int draws = 1; drawn_.contains(x) && draws < kMostDraws; ++draws) x = draw();
      if (!drawn_.insert(x).second) break;
      result.push_back(std::move(x));
    }
    return result;
  }

  const Individual& winner(const std::vector<Individual>& parents) {
    const Individual& first = parents[rng_.below(parents.size())];
    const Individual& second = parents[rng_.below(parents.size())];
    return is_better(second, first) ? second : first;
  }

  Assignment child(const std::vector<Individual>& parents) {
    Assignment x = winner(parents).assignment;
    const Assignment& other = winner(parents).assignment;
    const bool is_crossed = rng_.uniform() < kCrossover;
    for (const UnitIndex unit : units_) {
      if (is_crossed && rng_.below(2) == 0) x[unit] = other[unit];
      if (rng_.below(units_.size()) == 0) x[unit] = x[unit] == 0 ? 1 : 0;
    }
    return with_fixed_units(space_, std::move(x));
  }

  Space space_;
  std::vector<UnitIndex> units_;
  Rng rng_;
  std::set<Assignment> drawn_;
};

Script nsga2(Space space, std::uint64_t seed) {
  Breeding breeding(space, seed);
  std::vector<Individual> population;
  Batch generation{{all_lowered(space), all_kept(space)}, Phase::Anchor};
  Batch immigrants{breeding.immigrants(kPopulation - 2), Phase::Fill};
  while (!generation.assignments.empty()) {
    const std::vector<Outcome> outcomes = co_await generation;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      population.push_back(individual(generation.assignments[i], outcomes[i]));
    if (!immigrants.assignments.empty()) {
      generation = std::exchange(immigrants, {});
      continue;
    }
    population = survivors(std::move(population));
    generation = {breeding.children(population), Phase::Fill};
  }
}

}  // namespace

std::unique_ptr<Strategy> make_nsga2(const Space& space, const StrategyOptions& options) {
  return make_scripted(nsga2(space, options.seed), options.max_trials);
}

}  // namespace keel::search
