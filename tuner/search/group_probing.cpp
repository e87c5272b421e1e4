#include "tuner/search/group_probing.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "tuner/search/probing.h"
#include "tuner/search/unit_findings.h"

namespace keel::search {
namespace {

using Group = GroupProbing::Group;

constexpr std::size_t kGroupSize = 8;
// Of the error of all groups without a cliff: one that holds less is not split.
constexpr double kShareToSplit = 1.0 / 64;

// `units` in so few parts that none is larger than `size`, all of about the same size.
void add_parts(const Group& units, std::size_t size, std::vector<Group>& parts) {
  const std::size_t count = (units.size() + size - 1) / size;
  const auto at = [&](std::size_t part) {
    return units.begin() + static_cast<std::ptrdiff_t>(part * units.size() / count);
  };
  for (std::size_t part = 0; part < count; ++part) parts.emplace_back(at(part), at(part + 1));
}

// What comes before the last units is as in the anchor, whose results later probes share.
void sort_last_first(std::vector<Group>& groups) {
  std::ranges::stable_sort(groups, std::greater(),
                           [](const Group& group) { return group.front(); });
}

// The free units that differ from all kept.
Group lowered_units(const Space& space, const Assignment& x) {
  Group units;
  for (UnitIndex u = 0; u < x.size(); ++u)
    if (space.units[u].state == UnitState::Free && x[u] != 0) units.push_back(u);
  return units;
}

}  // namespace

GroupProbing::GroupProbing(const Space& space, const std::vector<UnitIndex>& units)
    : space_(space) {
  const std::size_t size = units.size() > kMostAlone ? kGroupSize : 1;
  std::map<std::tuple<bool, double, double>, Group> alike;
  for (const UnitIndex u : units) {
    const Unit& unit = space.units[u];
    alike[{unit.suspect, unit.kept_us, unit.lowered_us}].push_back(u);
  }
  Group few[2];  // that have few like them, others and suspects, by cost
  for (auto& [kind, group] : alike) {
    std::ranges::sort(group);
    Group& others = few[std::get<0>(kind) ? 1 : 0];
    if (2 * group.size() < size)
      others.insert(others.end(), group.begin(), group.end());
    else
      add_parts(group, size, groups_);
  }
  for (const Group& others : few)
    if (!others.empty()) add_parts(others, size, groups_);
  for (Group& group : groups_) std::ranges::sort(group);
  sort_last_first(groups_);
}

std::vector<Group> GroupProbing::next(const std::vector<Trial>& trials) {
  if (std::exchange(is_first_, false)) return groups_;
  constexpr double kCliff = kCliffError * kCliffError;
  const std::vector<double> added = added_squared_error(trials);
  double total = 0;  // but for cliffs, which will be kept
  for (const double each : added)
    if (each <= kCliff) total += each;
  std::vector<Group> whole, halves;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const bool is_split =
        groups_[i].size() > 1 && added[i] > std::min(kShareToSplit * total, kCliff);
    if (is_split)
      add_parts(groups_[i], (groups_[i].size() + 1) / 2, halves);
    else
      whole.push_back(std::move(groups_[i]));
  }
  sort_last_first(halves);
  groups_ = std::move(whole);
  groups_.insert(groups_.end(), halves.begin(), halves.end());
  return halves;
}

std::vector<double> GroupProbing::added_squared_error(const std::vector<Trial>& trials) const {
  std::map<Assignment, double> measured;
  for (const Trial& trial : with_probing_scaled(space_, trials)) {
    const bool ran =
        trial.outcome.state == TrialState::Complete || trial.outcome.state == TrialState::Partial;
    measured[trial.assignment] =
        ran ? trial.outcome.squared_error : std::numeric_limits<double>::infinity();
  }
  const auto kept = measured.find(all_kept(space_));
  const double base = kept == measured.end() ? 0 : kept->second;
  std::vector<double> added;
  for (const Group& group : groups_) {
    const auto found = measured.find(lowered_alone(space_, group));
    added.push_back(found == measured.end() ? 0 : found->second - base);
  }
  return added;
}

std::vector<ProbedGroup> probed_groups(const Space& space, const std::vector<Trial>& trials) {
  std::vector<ProbedGroup> groups;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].phase != Phase::Probe) continue;
    Group units = lowered_units(space, trials[i].assignment);
    if (units.size() > 1) groups.push_back({std::move(units), i});
  }
  std::ranges::stable_sort(groups, {}, [](const ProbedGroup& group) { return group.units.size(); });
  return groups;
}

}  // namespace keel::search
