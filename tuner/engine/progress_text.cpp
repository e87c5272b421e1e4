#include "tuner/engine/progress_text.h"

#include <fmt/format.h>

#include <map>

namespace keel::engine {

std::string introduction(const Target& target, const accuracy::Split& split,
                         const TuneOptions& options, std::uint64_t resumed) {
  std::size_t nodes = 0;
  for (const UnitFacts& unit : target.units)
    if (unit.state == search::UnitState::Free) nodes += unit.nodes.size();
  std::string text = fmt::format(
      "{} on {}: {} of {} units free ({} nodes); at most {} trials\n"
      "samples: {} rank, {} validate, {} held out",
      ascend::name(options.model.mode), target.soc.name, target.free_units(), target.units.size(),
      nodes, options.max_trials, split.ranking.size(), split.validation.size(),
      split.hold_out.size());
  if (resumed > 0) text += fmt::format("\nresuming: {} trials are in the study already", resumed);
  return text;
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

ProgressText::ProgressText(std::uint64_t resumed, std::size_t max_trials)
    : resumed_(resumed), max_trials_(max_trials) {}

std::string ProgressText::line(std::span<const study::TrialRecord> trials) {
  for (; seen_ < trials.size(); ++seen_) {
    const search::Outcome& outcome = trials[seen_].trial.outcome;
    if (outcome.state != search::TrialState::Complete || outcome.violation > 0) continue;
    if (best_us_ == 0 || outcome.latency_us < best_us_) best_us_ = outcome.latency_us;
  }
  std::string text = fmt::format("{}, trial {} of at most {}",
                                 trials.empty() ? "start" : search::name(trials.back().trial.phase),
                                 trials.size(), max_trials_);
  text += best_us_ > 0 ? fmt::format(", best {:.1f} us", best_us_) : ", none meets the bounds yet";
  if (trials.size() > resumed_) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const double left = seconds / static_cast<double>(trials.size() - resumed_) *
                        static_cast<double>(max_trials_ - std::min(max_trials_, trials.size()));
    text += fmt::format(", at most {:.0f} s left", left);
  }
  return text;
}

}  // namespace keel::engine
