#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/tuner/search/synthetic_model.h"
#include "tuner/search/fill.h"
#include "tuner/search/hull.h"
#include "tuner/search/latency_bound.h"
#include "tuner/search/local_search.h"
#include "tuner/search/min_cut.h"
#include "tuner/search/surrogate.h"

namespace keel::search {
namespace {

template <class Work>
double seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// One round of the default strategy on a made-up graph, after as many trials as its window holds.
void measure(std::size_t units) {
  SyntheticModel model = random_model(1, units);
  std::vector<Trial> trials;
  const auto tell = [&](Assignment x, Phase phase) {
    Outcome outcome = model.measure(x);
    trials.push_back({trials.size(), std::move(x), phase, outcome});
  };
  tell(all_lowered(model.space), Phase::Anchor);
  tell(all_kept(model.space), Phase::Anchor);
  const std::size_t step = std::max<std::size_t>(1, units / 400);
  for (std::size_t u = 0; u < units; u += step)
    tell(lowered_alone(model.space, {static_cast<UnitIndex>(u)}), Phase::Probe);

  const double exchange = 1e6;
  const double cut_s = seconds([&] {
    static_cast<void>(minimise(model.space, model.truth, {1, exchange}));
  });
  std::optional<Surrogate> surrogate;
  const double fit_s = seconds([&] { surrogate.emplace(model.space, trials); });
  std::vector<ModelPoint> hull;
  const double hull_s =
      seconds([&] { hull = lower_hull(surrogate->space(), surrogate->error_model(), 128); });
  std::size_t chosen = 0;
  const double fill_s = seconds([&] {
    std::vector<Assignment> seeds;
    for (const ModelPoint& vertex : hull) seeds.push_back(vertex.assignment);
    const std::vector<ModelPoint> candidates =
        model_front(surrogate->space(), surrogate->error_model(), seeds, {});
    chosen =
        choose_fill({surrogate->space(), *surrogate, trials, {}, {}, {}, {}, {}}, candidates, 4)
            .assignments.size();
  });
  LatencyBound bound;
  const double bound_s = seconds([&] {
    bound = latency_bound(surrogate->space(), surrogate->error_model(),
                          model.error_bound * model.error_bound, {}, 400);
  });
  std::printf("%8zu %8.1f %8.2f %8.2f %8.2f %8.2f %9.3f %8.0f\n", units, 1e3 * cut_s, fit_s, hull_s,
              fill_s, bound_s,
              bound.best ? 100 * (bound.best->latency_us / bound.bound_us - 1) : -1.0, peak_mib());
  if (chosen == 0) std::exit(1);
}

}  // namespace
}  // namespace keel::search

// search_scale UNITS...: what one round of the default search takes on graphs of so many units.
int main(int count, char** arguments) {
  std::printf("%8s %8s %8s %8s %8s %8s %9s %8s\n", "units", "cut ms", "fit s", "hull s", "fill s",
              "bound s", "gap %", "peak MiB");
  if (count < 2) {
    for (const std::size_t units : std::vector<std::size_t>{100, 1000, 10000})
      keel::search::measure(units);
    return 0;
  }
  for (int i = 1; i < count; ++i)
    keel::search::measure(static_cast<std::size_t>(std::strtoul(arguments[i], nullptr, 10)));
  return 0;
}
