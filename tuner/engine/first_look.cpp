#include "tuner/engine/first_look.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <utility>

#include "tuner/engine/evaluator.h"

namespace keel::engine {
namespace {

// Where an output is not finite nothing is known but that; so these come first.
std::vector<std::size_t> worst_first(std::vector<std::size_t> samples,
                                     const std::vector<accuracy::SampleScore>& scores) {
  std::ranges::stable_sort(samples, std::greater(), [&](std::size_t s) {
    return std::pair(scores[s].non_finite,
                     scores[s].non_finite ? 0 : scores[s].squared_relative_l2);
  });
  return samples;
}

}  // namespace

Result<FirstLook> first_look(const Bench& bench, const search::Space& space,
                             const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  std::vector<std::size_t> samples;
  std::ranges::set_union(bench.split->ranking, bench.split->validation,
                         std::back_inserter(samples));
  Bench apart = bench;
  apart.memo = nullptr;
  const Clock::time_point begin = Clock::now();
  KEEL_TRY(const std::vector<accuracy::SampleScore> scores,
           run_samples(apart, search::all_lowered(space), samples, stop));
  const std::chrono::duration<double> seconds = Clock::now() - begin;
  return FirstLook{seconds.count(), accuracy::choose_probing(*bench.split, scores),
                   worst_first(samples, scores)};
}

}  // namespace keel::engine
