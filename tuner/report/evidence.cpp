#include "tuner/report/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tuner/report/demands.h"
#include "tuner/report/figures.h"
#include "tuner/search/space.h"

namespace keel::report {
namespace {

using search::Assignment;
using search::TrialState;
using study::TrialRecord;

// What is lowered with a unit, by the records.
search::Space outline(const TuneResult& result) {
  search::Space space;
  for (const UnitRow& row : result.units) {
    search::Unit unit;
    unit.state = row.record.state;
    unit.follows = row.record.follows;
    unit.gang = row.record.gang;
    space.units.push_back(unit);
  }
  return space;
}

bool is_partial(const TrialRecord& record) {
  return record.trial.outcome.state == TrialState::Partial &&
         !search::is_verified(record.trial.outcome);
}

/// For each unit the trial that differs from `from` by lowering it; a Partial one only where no
/// other does.
std::vector<const TrialRecord*> neighbours(const TuneResult& result, const Assignment& from) {
  std::vector<const TrialRecord*> found(from.size(), nullptr);
  const search::Space space = outline(result);
  for (const TrialRecord& record : result.trials)
    if (const auto unit = search::only_lowered(space, record.trial.assignment, from))
      for (const search::UnitIndex member : search::gang_of(space, *unit))
        if (found[member] == nullptr || (is_partial(*found[member]) && !is_partial(record)))
          found[member] = &record;
  return found;
}

/// For each unit the trial that differs from `from` by keeping it, with what follows it.
std::vector<const TrialRecord*> kept_neighbours(const TuneResult& result, const Assignment& from) {
  std::vector<const TrialRecord*> found(from.size(), nullptr);
  const search::Space space = outline(result);
  std::map<Assignment, const TrialRecord*> by_assignment;
  for (const TrialRecord& record : result.trials)
    by_assignment.emplace(record.trial.assignment, &record);
  for (std::size_t unit = 0; unit < from.size(); ++unit) {
    if (from[unit] == 0 || result.units[unit].record.state != search::UnitState::Free) continue;
    Assignment kept = from;
    kept[unit] = 0;
    const auto trial = by_assignment.find(search::with_fixed_units(space, std::move(kept)));
    if (trial != by_assignment.end()) found[unit] = trial->second;
  }
  return found;
}

/// "max_abs 0.31 misses max_abs<=0.05", of what is missed by most.
std::string missed(const TuneResult& result, const TrialRecord& record) {
  const std::vector<Demand> list = demands(result, record);
  const auto worst = std::ranges::max_element(list, {}, &Demand::missed);
  if (worst == list.end() || worst->missed <= 0)
    return fmt::format("it misses the requirements by a ratio of {:.3g}",
                       record.trial.outcome.violation);
  return fmt::format("{} {:.3g} misses {}", worst->name,
                     worst->is_missed_by_ranking ? worst->ranking : worst->value, worst->text);
}

std::string called(const TuneResult& result, const TrialRecord& record) {
  return record.trial.number == result.recommended ? "the recommendation"
                                                   : fmt::format("trial {}", record.trial.number);
}

// "3.1e-2".
std::string scientific(double value) {
  std::string text = fmt::format("{:.1e}", value);
  const std::size_t exponent = text.find('e') + 2;
  if (exponent < text.size() && text[exponent] == '0') text.erase(exponent, 1);
  return text;
}

std::string of_neighbour(const TuneResult& result, const TrialRecord& chosen,
                         const TrialRecord& neighbour) {
  const std::string start = fmt::format("from {}, trial {} lowers only it", called(result, chosen),
                                        neighbour.trial.number);
  const search::Outcome& outcome = neighbour.trial.outcome;
  switch (outcome.state) {
    case TrialState::Failed:
      return fmt::format("{} and fails: {}", start, neighbour.error);
    case TrialState::NonFinite:
      return start + ": an output holds Inf or NaN";
    case TrialState::Partial:
      if (!search::is_verified(outcome)) return start + ", on the probing samples only";
      break;
    case TrialState::Rejected:
    case TrialState::Complete:
      break;
  }
  const bool is_too_slow = outcome.state == TrialState::Rejected && std::isnan(outcome.violation);
  if (outcome.violation > 0 || (!is_too_slow && !meets_all(result, neighbour)))
    return start + ": " + missed(result, neighbour);
  if (result.goal.aim == search::Aim::Error) {
    const double error = std::sqrt(chosen.trial.outcome.squared_error);
    const double other = std::sqrt(outcome.squared_error);
    return fmt::format("{} and {} (relative L2 {} against {})", start,
                       other < error ? "gains next to nothing" : "has no less error",
                       scientific(other), scientific(error));
  }
  const double best = chosen.trial.outcome.latency_us;
  return fmt::format("{} and {} ({:.1f} us against {:.1f} us)", start,
                     outcome.latency_us < best ? "gains next to nothing" : "is not faster",
                     outcome.latency_us, best);
}

// What lowering the unit with others gives.
std::string of_group(const search::GroupFinding& group) {
  const std::string start =
      fmt::format("trial {} lowers it with {} {}", group.trial, group.units - 1,
                  group.units == 2 ? "other unit" : "other units");
  if (std::isinf(group.error)) return start + ", which fails or gives Inf or NaN";
  return fmt::format("{}, which costs {} relative L2 together", start,
                     group.error > 0 ? scientific(group.error) : "no");
}

// "alone", or beside what probes start from.
std::string company(const TuneResult& result, const TrialRecord& probe, std::size_t unit) {
  const search::Space space = outline(result);
  const std::vector<search::UnitIndex> with =
      search::lowered_with(space, static_cast<search::UnitIndex>(unit));
  std::string names;
  for (search::UnitIndex u = 0; u < space.units.size(); ++u) {
    if (space.units[u].state != search::UnitState::Free || probe.trial.assignment[u] == 0) continue;
    if (std::ranges::find(with, u) != with.end()) continue;
    names += (names.empty() ? "beside '" : ", '") + result.units[u].record.name + "'";
  }
  return names.empty() ? "alone" : names;
}

// What lowering the unit alone gives.
std::string of_probe(const TuneResult& result, const search::UnitFinding& finding,
                     const TrialRecord* probe, std::size_t unit) {
  if (!finding.probed && finding.pinned && !finding.guarded)
    return "pinned because it is suspect and lowering it alone was not tried";
  if (!finding.probed) return finding.group ? of_group(*finding.group) : "";
  const bool is_pinned_alone = finding.pinned && !finding.guarded;
  const std::string start = (is_pinned_alone ? "pinned because lowering it " : "lowering it ") +
                            (probe != nullptr ? company(result, *probe, unit) : "alone") + " ";
  if (probe != nullptr && probe->trial.outcome.state == TrialState::Failed)
    return start + "fails: " + probe->error;
  if (finding.lone_non_finite) return start + "gives Inf or NaN";
  const std::string error = finding.lone_error > 0 ? scientific(finding.lone_error) : "no";
  std::string text = start + "costs " + error + " relative L2";
  if (finding.lone_violation > 0 && probe != nullptr) text += ": " + missed(result, *probe);
  return text;
}

// Whether the trial lowers just the units that feed the pole.
bool is_probe_of(const TuneResult& result, const study::PoleRecord& pole,
                 const Assignment& assignment) {
  std::vector<search::UnitIndex> feeding;
  for (std::size_t unit = 0; unit < result.units.size(); ++unit) {
    const study::UnitRecord& record = result.units[unit].record;
    if (record.state == search::UnitState::Free &&
        std::ranges::find(record.poles, pole) != record.poles.end())
      feeding.push_back(static_cast<search::UnitIndex>(unit));
  }
  Assignment lowered = search::lowered_alone(outline(result), feeding);
  for (std::size_t unit = 0; unit < result.start.size(); ++unit)
    lowered[unit] |= result.start[unit];
  return assignment == lowered;
}

// Why the unit guards a pole: its floor is lost, or what lowering all that feed it gives.
std::string of_guard(const TuneResult& result, const study::UnitRecord& unit,
                     const search::UnitFinding& finding) {
  if (!finding.guarded) return "";
  if (!finding.guard_trial) {
    const auto pole = std::ranges::find(unit.poles, true, &study::PoleRecord::floor_is_lost);
    KEEL_CHECK(pole != unit.poles.end());
    return "pinned because the floor under " + pole->name + " is lost when it is lowered";
  }
  const TrialRecord& probe = trial(result, *finding.guard_trial);
  const auto pole = std::ranges::find_if(unit.poles, [&](const study::PoleRecord& each) {
    return is_probe_of(result, each, probe.trial.assignment);
  });
  KEEL_CHECK(pole != unit.poles.end());
  const std::string start = fmt::format("pinned because trial {} lowers just what feeds {}",
                                        probe.trial.number, pole->name);
  const search::Outcome& outcome = probe.trial.outcome;
  switch (outcome.state) {
    case TrialState::Failed:
      return start + " and fails: " + probe.error;
    case TrialState::NonFinite:
      return start + ": an output holds Inf or NaN";
    case TrialState::Partial:
    case TrialState::Rejected:
    case TrialState::Complete:
      break;
  }
  return start + ": relative L2 " + scientific(std::sqrt(outcome.squared_error));
}

Evidence of_unit(const TuneResult& result, const TrialRecord& chosen, std::size_t unit,
                 const TrialRecord* neighbour) {
  const UnitRow& row = result.units[unit];
  const search::UnitFinding nothing;
  const search::UnitFinding& finding =
      unit < result.findings.size() ? result.findings[unit] : nothing;
  const TrialRecord* probe = finding.probe ? &trial(result, *finding.probe) : nullptr;
  const RangeFinding* range = worst(row.suspicions);
  const bool is_free = row.record.state == search::UnitState::Free;

  Evidence why;
  const auto add = [&](const std::string& clause) {
    if (clause.empty()) return;
    why.reason += (why.reason.empty() ? "" : "; ") + clause;
  };
  if (!is_free) add(row.record.reason);
  if (range != nullptr) add(sentence(*range));
  if (!is_free) return why;

  add(of_guard(result, row.record, finding));
  if (finding.guard_trial) why.trial = finding.guard_trial;
  add(of_probe(result, finding, probe, unit));
  if (finding.probed && probe != nullptr) why.trial = probe->trial.number;
  if (!finding.probed && finding.group && !why.trial) why.trial = finding.group->trial;
  // From a trial that keeps all, the probe is the neighbour and has been told.
  const bool is_told = neighbour == probe &&
                       (finding.lone_violation > 0 || (probe != nullptr && is_partial(*probe)));
  if (neighbour != nullptr && !is_told && !finding.lone_non_finite) {
    add(of_neighbour(result, chosen, *neighbour));
    why.trial = neighbour->trial.number;
  }
  if (!why.trial && !finding.pinned) add("lowering it was not tried");
  return why;
}

}  // namespace

std::vector<Evidence> evidence(const TuneResult& result, std::uint64_t number) {
  const TrialRecord& record = trial(result, number);
  const Assignment& chosen = record.trial.assignment;
  const std::vector<const TrialRecord*> neighbour = neighbours(result, chosen);
  std::vector<Evidence> all(chosen.size());
  for (std::size_t unit = 0; unit < chosen.size(); ++unit)
    if (chosen[unit] == 0) all[unit] = of_unit(result, record, unit, neighbour[unit]);
  return all;
}

Proof proof(const TuneResult& result) {
  const Assignment& chosen = trial(result, *result.recommended).trial.assignment;
  const bool by_latency = result.goal.aim == search::Aim::Latency;
  const std::vector<const TrialRecord*> neighbour =
      by_latency ? neighbours(result, chosen) : kept_neighbours(result, chosen);
  Proof proof;
  for (std::size_t unit = 0; unit < chosen.size(); ++unit) {
    const bool is_kept = chosen[unit] == 0;
    const study::UnitRecord& record = result.units[unit].record;
    if (is_kept != by_latency || record.state != search::UnitState::Free || is_format(record))
      continue;
    if (unit < result.findings.size() && result.findings[unit].guarded) continue;
    ++proof.units;
    if (neighbour[unit] != nullptr && !is_partial(*neighbour[unit])) ++proof.tried;
  }
  return proof;
}

}  // namespace keel::report
