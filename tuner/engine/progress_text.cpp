#include "tuner/engine/progress_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tuner/search/bounds.h"
#include "tuner/search/free_units.h"
#include "tuner/search/units_to_probe.h"

namespace keel::engine {

std::string introduction(const Setting& setting, const TuneOptions& options,
                         std::uint64_t resumed) {
  const Target& target = setting.target;
  const accuracy::Split& split = setting.split;
  std::size_t nodes = 0;
  for (const UnitFacts& unit : target.units)
    if (unit.state == search::UnitState::Free) nodes += unit.nodes.size();
  const std::size_t choices = search::count_choices(setting.space);
  const std::string gangs =
      choices < target.free_units() ? fmt::format(", {} choices as some must agree", choices) : "";
  std::string text = fmt::format(
      "{} on {}: {} of {} units free ({} nodes{}); at most {} trials\n"
      "samples: {} rank, {} validate, {} held out",
      ascend::name(options.model.mode), target.soc.name, target.free_units(), target.units.size(),
      nodes, gangs, options.max_trials, split.ranking.size(), split.validation.size(),
      split.hold_out.size());
  if (options.goal != search::Goal()) text += fmt::format("\ngoal: {}", to_text(options.goal));
  if (resumed > 0) text += fmt::format("\nresuming: {} trials are in the study already", resumed);
  return text;
}

std::string earlier_note(const EarlierStudy& earlier, const search::Space& space) {
  const auto free = std::ranges::count(space.units, search::UnitState::Free, &search::Unit::state);
  return fmt::format("the earlier study knows {} of {} free units; {} are probed", earlier.known,
                     free, search::units_to_probe(space).size());
}

std::string probing_note(const accuracy::ProbingSamples& probing, const accuracy::Split& split) {
  return fmt::format("probes run on {} samples that stand for the {} that rank",
                     probing.samples.size(), split.ranking.size());
}

std::string batches_note(const SampleBatches& batches) {
  return fmt::format(
      "samples run in batches of {}: every bit is as one by one, in {:.2g} of the time",
      batches.size(), batches.time_ratio());
}

std::string nothing_to_search(const Target& target) {
  if (target.units.empty()) return "the model computes nothing in floating point";
  std::map<std::string, int> reasons;
  for (const UnitFacts& unit : target.units) ++reasons[unit.reason];
  std::string text = "nothing to search: every unit's precision is decided already";
  for (const auto& [reason, count] : reasons)
    text += fmt::format("\n  {} {}: {}", count, count == 1 ? "unit" : "units", reason);
  return text;
}

ProgressText::ProgressText(std::uint64_t resumed, std::size_t max_trials, const search::Goal& goal,
                           const search::Space& space)
    : resumed_(resumed), max_trials_(max_trials), goal_(goal), all_kept_(search::all_kept(space)) {}

std::string ProgressText::line(std::span<const study::TrialRecord> trials) {
  for (; seen_ < trials.size(); ++seen_) {
    const search::Outcome& outcome = trials[seen_].trial.outcome;
    if (!search::is_verified(outcome)) continue;
    if (trials[seen_].trial.assignment == all_kept_) kept_us_ = outcome.latency_us;
    if (search::Bounds(goal_, kept_us_).violation(outcome) > 0) continue;
    const double value =
        goal_.aim == search::Aim::Latency ? outcome.latency_us : std::sqrt(outcome.squared_error);
    best_ = std::min(best_.value_or(value), value);
  }
  std::string text = fmt::format("{}, trial {} of at most {}",
                                 trials.empty() ? "start" : search::name(trials.back().trial.phase),
                                 trials.size(), max_trials_);
  if (!best_)
    text += ", none meets the bounds yet";
  else if (goal_.aim == search::Aim::Latency)
    text += fmt::format(", best {:.1f} us", *best_);
  else
    text += fmt::format(", best relative L2 {:.2g}", *best_);
  if (trials.size() > resumed_) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const double left = seconds / static_cast<double>(trials.size() - resumed_) *
                        static_cast<double>(max_trials_ - std::min(max_trials_, trials.size()));
    text += fmt::format(", at most {:.0f} s left", left);
  }
  return text;
}

}  // namespace keel::engine
