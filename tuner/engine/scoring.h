#pragma once

#include <cstddef>
#include <vector>

#include "tuner/engine/bench.h"
#include "tuner/engine/sample_runner.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// Figures over some samples, with the ends of their intervals: one each of figure_names(). NaN are
/// what a check that was not run says, and the ends where there is no interval.
struct Figures {
  study::MetricValues values, lo, hi;
};

Figures figures_of(const Bench& bench, const std::vector<accuracy::SampleScore>& scores,
                   const std::vector<std::size_t>& samples);

/// Largest requirement violation; -1, the least there is, where nothing is required. A check that
/// was not run is left out. With a confidence the ends of the intervals count.
double violation(const Bench& bench, const Figures& figures);

/// Notes a trial as NonFinite where an output of a sample that ran holds Inf or NaN and that of the
/// reference does not. \returns whether it does
bool note_non_finite(const SamplesRun& run, search::Outcome& outcome);

/// Fills in what those samples say that ran: figures of those that rank and of those that validate,
/// and what requirements they miss by. \param run  sorted
void score(const Bench& bench, const SamplesRun& result, const std::vector<std::size_t>& run,
           study::TrialRecord& record);

/// Whether some of the ranking samples stand for all of them.
bool has_probing(const Bench& bench);

/// Fills in the errors as vectors, of the samples that Outcome::error_sketch is of: they ran.
void note_sketch(const Bench& bench, const SamplesRun& run, search::Outcome& outcome);

/// Fills in the error on the ranking samples, all of which ran.
void score_error(const Bench& bench, const SamplesRun& run, search::Outcome& outcome);

/// Largest violation by what ranks or by what validates. With a confidence it is the ends of the
/// intervals of what validates that count: of what ranks, which the search is led by, there are
/// none.
double violation(const Bench& bench, const study::TrialRecord& record);

/// Whether a requirement is missed by the samples run so far, whatever the others give.
bool is_missed_already(const Bench& bench, const SamplesRun& result,
                       const std::vector<std::size_t>& run);

}  // namespace keel::engine
