#pragma once

#include <memory>

#include "tuner/search/strategies.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// The genetic search that multi-objective tools offer: non-dominated sorting and crowding on
/// (latency, log error), binary tournaments, uniform crossover, bit-flip mutation.
///
///  1. A population of 24: the two anchors, and random ones drawn as those of the strategy
///  "random".
///  2. Generations of up to 24 children, each of two parents with probability 0.9, else of one; a
///     bit flips with probability 1 / N. The best 24 of parents and children live on.
///
/// A trial that is not complete is worse than every complete one. A child that was asked before is
/// bred again; the search ends with a generation in which nothing new could be bred.
///
/// Differs from its source: bits in place of reals, a population for budgets of some hundred
/// trials, no evaluation twice.
///
/// \pre verify(space)
/// \par Source  Deb, Pratap, Agarwal, Meyarivan, "A Fast and Elitist Multiobjective Genetic
///              Algorithm: NSGA-II", IEEE Trans. Evol. Comput. 6(2), 2002
std::unique_ptr<Strategy> make_nsga2(const Space& space, const StrategyOptions& options);

}  // namespace keel::search
