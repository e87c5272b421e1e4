#pragma once

#include <chrono>
#include <span>
#include <string>

#include "profiler/accuracy/probing_samples.h"
#include "profiler/accuracy/split.h"
#include "tuner/engine/earlier_study.h"
#include "tuner/engine/options.h"
#include "tuner/engine/sample_batches.h"
#include "tuner/engine/setting.h"
#include "tuner/engine/target.h"
#include "tuner/search/strategy.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// What the search is about to do, in a few lines: units, samples, trials.
std::string introduction(const Setting& setting, const TuneOptions& options, std::uint64_t resumed);

/// "the earlier study knows 98 of 105 free units; 23 are probed".
std::string earlier_note(const EarlierStudy& earlier, const search::Space& space);

/// "probes run on 8 samples that stand for the 24 that rank".
std::string probing_note(const accuracy::ProbingSamples& probing, const accuracy::Split& split);

/// "samples run in batches of 16: every bit is as one by one, in 0.12 of the time".
std::string batches_note(const SampleBatches& batches);

/// Why there is nothing to search: the mode, or the owner's list, decides every unit.
std::string nothing_to_search(const Target& target);

/// The text of the progress line: phase, trials, best so far, time left.
class ProgressText {
 public:
  ProgressText(std::uint64_t resumed, std::size_t max_trials, const search::Goal& goal,
               const search::Space& space);

  std::string line(std::span<const study::TrialRecord> trials);

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t resumed_;
  std::size_t max_trials_;
  search::Goal goal_;
  search::Assignment all_kept_;
  std::size_t seen_ = 0;
  std::optional<double> kept_us_;  ///< of all kept
  std::optional<double> best_;     ///< of trials that meet everything: latency in us, or error
  Clock::time_point start_ = Clock::now();
};

}  // namespace keel::engine
