#include "tuner/engine/study_result.h"

#include <map>
#include <string_view>

#include "tuner/report/range_record.h"
#include "tuner/search/bounds.h"
#include "tuner/search/probe_start.h"

namespace keel::engine {
namespace {

// Poles in the order of their first unit.
std::vector<search::PoleGroup> pole_groups(const std::vector<study::UnitRecord>& units) {
  std::vector<search::PoleGroup> groups;
  std::map<std::string_view, std::size_t> place;
  for (std::size_t u = 0; u < units.size(); ++u)
    for (const study::PoleRecord& pole : units[u].poles) {
      const auto [at, is_new] = place.try_emplace(pole.name, groups.size());
      if (is_new) groups.push_back({{}, pole.floor_is_lost});
      groups[at->second].units.push_back(static_cast<search::UnitIndex>(u));
    }
  return groups;
}

// What recommending and explaining need of the search space: no latencies.
search::Space outline(const std::vector<study::UnitRecord>& units) {
  search::Space space;
  for (const study::UnitRecord& unit : units)
    space.units.push_back({.state = unit.state,
                           .kept_us = 0,
                           .lowered_us = 0,
                           .nodes = static_cast<int>(unit.nodes.size()),
                           .suspect = !unit.suspicions.empty(),
                           .follows = unit.follows,
                           .gang = unit.gang});
  space.poles = pole_groups(units);
  return space;
}

std::optional<std::uint64_t> find_trial(std::span<const study::TrialRecord> trials,
                                        const search::Assignment& assignment) {
  for (const study::TrialRecord& record : trials)
    if (record.trial.assignment == assignment) return record.trial.number;
  return std::nullopt;
}

}  // namespace

Result<report::TuneResult> study_result(const study::Question& question,
                                        const std::vector<study::UnitRecord>& units,
                                        const std::vector<accuracy::Requirement>& requirements,
                                        const search::Goal& goal, std::optional<double> confidence,
                                        std::span<const study::TrialRecord> records) {
  report::TuneResult result;
  result.question = question;
  result.requirements = requirements;
  result.figure_names = accuracy::figure_names(requirements);
  result.goal = goal;
  result.confidence = confidence;
  result.trials.assign(records.begin(), records.end());
  for (const study::UnitRecord& unit : units) {
    report::UnitRow row{unit, "", {}};
    for (const std::string& suspicion : unit.suspicions) {
      KEEL_TRY(report::RangeFinding finding, report::range_finding_of(suspicion));
      row.suspicions.push_back(std::move(finding));
    }
    result.units.push_back(std::move(row));
  }

  const search::Space space = outline(units);
  std::vector<search::Trial> trials;
  for (const study::TrialRecord& record : records) trials.push_back(record.trial);
  result.findings = search::unit_findings(space, trials);
  result.start = search::all_kept(search::probed_space(space, trials));
  for (const search::Trial& trial : search::front(trials)) result.front.push_back(trial.number);
  result.all_kept = find_trial(records, search::all_kept(space));
  result.all_lowered = find_trial(records, search::all_lowered(space));
  if (const std::optional<search::Trial> best = search::recommend(space, trials, goal)) {
    result.recommended = best->number;
    result.requirements_met = search::Bounds(goal, space, trials).violation(best->outcome) <= 0;
  }
  return result;
}

}  // namespace keel::engine
