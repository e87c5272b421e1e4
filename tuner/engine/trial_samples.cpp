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

bool has_probing(const Bench& bench) { return bench.probing != nullptr && !bench.probing->empty(); }

// The samples in which what `x` lowers loses most, but for those that probe.
std::vector<std::size_t> telling_of(const Bench& bench, const search::Assignment& x) {
  std::set<std::size_t> telling;
  for (std::size_t u = 0; u < bench.telling.size(); ++u)
    if (x[u] != 0) telling.insert(bench.telling[u].begin(), bench.telling[u].end());
  for (const std::size_t sample : bench.probing->samples) telling.erase(sample);
  return {telling.begin(), telling.end()};
}

double most_squared_error(const SamplesRun& run, const std::vector<std::size_t>& samples) {
  double most = 0;
  for (const std::size_t s : samples) most = std::max(most, run.scores[s].squared_relative_l2);
  return most;
}

// Runs what ranks and what validates but for `run`, which was run before.
Status run_in_full(const Bench& bench, SampleRunner& runner, const std::vector<std::size_t>& run,
                   study::TrialRecord& record) {
  const accuracy::Split& split = *bench.split;
  std::vector<std::size_t> samples, others;
  std::ranges::set_union(split.ranking, split.validation, std::back_inserter(samples));
  std::ranges::set_difference(samples, run, std::back_inserter(others));
  KEEL_TRY_STATUS(runner.run(others));
  score_ranking(bench, runner.result(), record);
  score_validation(bench, runner.result(), split.validation, record);
  note_non_finite(runner.result(), record.trial.outcome);
  return Done{};
}

// Runs the probing samples, and those in which a suspect that is lowered loses most. Where these
// show more than twice the error of any that probe, the others do not stand for them: all run.
Status run_probing(const Bench& bench, SampleRunner& runner, study::TrialRecord& record) {
  constexpr double kMostOver = 4;  // of squared errors
  const std::vector<std::size_t>& probing = bench.probing->samples;
  const std::vector<std::size_t> telling = telling_of(bench, record.trial.assignment);
  std::vector<std::size_t> samples;
  std::ranges::set_union(probing, telling, std::back_inserter(samples));
  KEEL_TRY_STATUS(runner.run(samples));
  const SamplesRun& result = runner.result();
  search::Outcome& outcome = record.trial.outcome;
  if (note_non_finite(result, outcome)) return Done{};
  if (most_squared_error(result, telling) > kMostOver * most_squared_error(result, probing))
    return run_in_full(bench, runner, samples, record);
  outcome.state = search::TrialState::Partial;
  outcome.squared_error = outcome.violation = kNone;
  outcome.probing_squared_error = bench.probing->mean_squared_error(result.scores);
  return Done{};
}

void reject(search::Outcome& outcome) {
  outcome.state = search::TrialState::Rejected;
  outcome.squared_error = outcome.violation = kNone;
}

// Runs what ranks but does not validate: of that only the probing samples, where there are any and
// they are to do.
Status run_ranking(const Bench& bench, SampleRunner& runner, search::Samples samples,
                   study::TrialRecord& record) {
  const bool is_partial = samples == search::Samples::Verifying && has_probing(bench);
  const std::vector<std::size_t>& wanted =
      is_partial ? bench.probing->samples : bench.split->ranking;
  std::vector<std::size_t> others;
  std::ranges::set_difference(wanted, bench.split->validation, std::back_inserter(others));
  KEEL_TRY_STATUS(runner.run(others));
  search::Outcome& outcome = record.trial.outcome;
  if (is_partial) {
    outcome.state = search::TrialState::Partial;
    outcome.squared_error = kNone;
    outcome.probing_squared_error = bench.probing->mean_squared_error(runner.result().scores);
  } else {
    score_ranking(bench, runner.result(), record);
  }
  note_non_finite(runner.result(), outcome);
  return Done{};
}

// Most refinements miss a requirement, many by much: they end where that is certain, which the
// worst samples show first. Samples that rank would only say by how much the error differs.
Status run_refinement(const Bench& bench, SampleRunner& runner, search::Samples samples,
                      study::TrialRecord& record) {
  constexpr std::size_t kParts = 4, kLeastPart = 2;
  const bool is_ordered = bench.worst_first != nullptr && !bench.worst_first->empty();
  const std::vector<std::size_t>& order = is_ordered ? *bench.worst_first : bench.split->validation;
  const std::size_t part = std::max(kLeastPart, (order.size() + kParts - 1) / kParts);
  search::Outcome& outcome = record.trial.outcome;
  std::vector<std::size_t> run;
  while (run.size() < order.size() && !is_missed_already(bench, runner.result(), run)) {
    const auto from = order.begin() + static_cast<std::ptrdiff_t>(run.size());
    const std::size_t count = std::min(part, order.size() - run.size());
    const std::vector<std::size_t> next(from, from + static_cast<std::ptrdiff_t>(count));
    KEEL_TRY_STATUS(runner.run(next));
    run.insert(run.end(), next.begin(), next.end());
  }
  std::ranges::sort(run);  // sums of figures are the same in whatever order samples ran
  score_validation(bench, runner.result(), run, record);
  if (note_non_finite(runner.result(), outcome)) return Done{};
  if (const double missed = outcome.violation; missed > 0) {
    reject(outcome);
    outcome.violation = missed;
    return Done{};
  }
  return run_ranking(bench, runner, samples, record);
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
