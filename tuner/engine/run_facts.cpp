#include "tuner/engine/run_facts.h"

#include <unistd.h>

#include <array>
#include <ctime>

namespace keel::engine {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

void note_evaluations(const EvaluationTimes& times, const program::ResultMemo::Counts& cache,
                      report::RunFacts& facts) {
  using enum search::Phase;
  for (const search::Phase phase : {Anchor, Probe, Front, Fill, Refine}) {
    const EvaluationTimes::Sum sum = times.of(phase);
    if (sum.trials > 0)
      facts.evaluations.push_back({std::string(search::name(phase)), sum.trials, sum.seconds});
  }
  facts.first_trial_seconds = times.first_trial_seconds();
  facts.cache_hits = cache.hits;
  facts.cache_misses = cache.misses;
  facts.cache_remade = cache.remade;
  facts.cache_evictions = cache.evictions;
}

}  // namespace keel::engine
