#include "tuner/engine/trial_samples.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <vector>

#include "tuner/engine/scoring.h"

namespace keel::engine {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The samples in which what `x` lowers loses most.
std::vector<std::size_t> telling_of(const Bench& bench, const search::Assignment& x) {
  std::set<std::size_t> telling;
  for (std::size_t u = 0; u < bench.telling.size(); ++u)
    if (x[u] != 0) telling.insert(bench.telling[u].begin(), bench.telling[u].end());
  return {telling.begin(), telling.end()};
}

double most_squared_error(const SamplesRun& run, const std::vector<std::size_t>& samples) {
  double most = 0;
  for (const std::size_t s : samples) most = std::max(most, run.scores[s].squared_relative_l2);
  return most;
}

std::vector<std::size_t> both(const std::vector<std::size_t>& a,
                              const std::vector<std::size_t>& b) {
  std::vector<std::size_t> all;
  std::ranges::set_union(a, b, std::back_inserter(all));
  return all;
}

// Of what ranks, what probes ran.
void note_partial(const Bench& bench, const SamplesRun& result, search::Outcome& outcome) {
  outcome.state = search::TrialState::Partial;
  outcome.squared_error = kNone;
  outcome.probing_squared_error = bench.probing->mean_squared_error(result.scores);
  note_sketch(bench, result, outcome);
}

// Runs what ranks and what validates but for `run`, which was run before.
Status run_in_full(const Bench& bench, SampleRunner& runner, const std::vector<std::size_t>& run,
                   study::TrialRecord& record) {
  const std::vector<std::size_t> all = both(bench.split->ranking, bench.split->validation);
  std::vector<std::size_t> others;
  std::ranges::set_difference(all, run, std::back_inserter(others));
  KEEL_TRY_STATUS(runner.run(others));
  const SamplesRun& result = runner.result();
  score(bench, result, all, record);
  score_error(bench, result, record.trial.outcome);
  note_non_finite(result, record.trial.outcome);
  return Done{};
}

// Runs the probing samples, and those in which a suspect that is lowered loses most. Where these
// show more than twice the error of any that probe, the others do not stand for them: all run.
Status run_probing(const Bench& bench, SampleRunner& runner, study::TrialRecord& record) {
  constexpr double kMostOver = 4;  // of squared errors
  const std::vector<std::size_t>& probing = bench.probing->samples;
  const std::vector<std::size_t> telling = telling_of(bench, record.trial.assignment);
  const std::vector<std::size_t> samples = both(probing, telling);
  KEEL_TRY_STATUS(runner.run(samples));
  const SamplesRun& result = runner.result();
  search::Outcome& outcome = record.trial.outcome;
  if (note_non_finite(result, outcome)) return Done{};
  if (most_squared_error(result, telling) > kMostOver * most_squared_error(result, probing))
    return run_in_full(bench, runner, samples, record);
  note_partial(bench, result, outcome);
  outcome.violation = kNone;
  return Done{};
}

void reject(search::Outcome& outcome) {
  outcome.state = search::TrialState::Rejected;
  outcome.squared_error = outcome.violation = kNone;
}

// `samples`, those first on which all lowered is most wrong.
std::vector<std::size_t> worst_first(const Bench& bench, const std::vector<std::size_t>& samples) {
  if (bench.worst_first == nullptr || bench.worst_first->empty()) return samples;
  std::vector<std::size_t> order;
  std::ranges::copy_if(*bench.worst_first, std::back_inserter(order), [&](std::size_t sample) {
    return std::ranges::binary_search(samples, sample);
  });
  return order;
}

// Adds to `run`, which ran, as many parts of `samples` as it takes until a requirement is certain
// to be missed.
Status run_until_missed(const Bench& bench, SampleRunner& runner,
                        const std::vector<std::size_t>& samples, std::vector<std::size_t>& run) {
  constexpr std::size_t kParts = 4, kLeastPart = 2;
  std::vector<std::size_t> others;
  std::ranges::set_difference(samples, run, std::back_inserter(others));
  const std::vector<std::size_t> order = worst_first(bench, others);
  const std::size_t part = std::max(kLeastPart, (samples.size() + kParts - 1) / kParts);
  for (std::size_t begin = 0; begin < order.size(); begin += part) {
    if (is_missed_already(bench, runner.result(), run)) return Done{};
    const auto from = order.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::size_t count = std::min(part, order.size() - begin);
    const std::vector<std::size_t> next(from, from + static_cast<std::ptrdiff_t>(count));
    KEEL_TRY_STATUS(runner.run(next));
    run.insert(run.end(), next.begin(), next.end());
    std::ranges::sort(run);  // sums of figures are the same in whatever order samples ran
  }
  return Done{};
}

// What tells enough of a refinement that meets the requirements with room to spare: what probes,
// and the worst of what validates.
std::vector<std::size_t> few_samples(const Bench& bench) {
  constexpr std::size_t kPartThatValidates = 4;
  std::vector<std::size_t> worst = worst_first(bench, bench.split->validation);
  worst.resize((worst.size() + kPartThatValidates - 1) / kPartThatValidates);
  std::ranges::sort(worst);
  return both(bench.probing->samples, worst);
}

// Many refinements miss a requirement, some by much: they end where that is certain. Others meet
// them with room to spare, which few samples show; what is recommended in the end runs in full.
Status run_refinement(const Bench& bench, SampleRunner& runner, search::Samples samples,
                      study::TrialRecord& record) {
  search::Outcome& outcome = record.trial.outcome;
  const SamplesRun& result = runner.result();
  const accuracy::Split& split = *bench.split;
  std::vector<std::size_t> run;
  // A check is told of all that validate.
  if (samples == search::Samples::Verifying && has_probing(bench) && bench.check == nullptr) {
    KEEL_TRY_STATUS(run_until_missed(bench, runner, few_samples(bench), run));
    score(bench, result, run, record);
    if (note_non_finite(result, outcome)) return Done{};
    if (outcome.violation <= search::kRoomToSpare) {
      note_partial(bench, result, outcome);
      record.ranking.clear();  // the worst among those that rank weigh too much in it
      return Done{};
    }
  }
  KEEL_TRY_STATUS(run_until_missed(bench, runner, both(split.ranking, split.validation), run));
  score(bench, result, run, record);
  if (note_non_finite(result, outcome)) return Done{};
  if (is_missed_already(bench, result, run)) {
    const double missed = outcome.violation;
    reject(outcome);
    outcome.violation = missed;
  } else {
    score_error(bench, result, outcome);
  }
  return Done{};
}

}  // namespace

Status run_and_score(const Bench& bench, SampleRunner& runner, search::Samples samples,
                     std::optional<double> slowest_us, study::TrialRecord& record) {
  if (slowest_us && record.trial.outcome.latency_us > *slowest_us) {
    reject(record.trial.outcome);
    return Done{};
  }
  if (samples == search::Samples::Probing && has_probing(bench))
    return run_probing(bench, runner, record);
  if (record.trial.phase == search::Phase::Refine)
    return run_refinement(bench, runner, samples, record);
  return run_in_full(bench, runner, {}, record);
}

}  // namespace keel::engine
