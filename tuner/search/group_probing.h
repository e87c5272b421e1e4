#pragma once

#include <cstddef>
#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// Probes for more units than are worth one each: units are lowered in groups, and a group that
/// holds much of the error, shows a cliff or does not stay finite is tried again as two halves
/// (group testing: Dorfman, The detection of defective members of large populations, 1943).
///
/// A group has units of equal costs, which a network of repeated blocks has once in each: these are
/// alike in error too, so that a share each of what the group adds tells much of every one. Units
/// that have few like them are grouped by their costs. Suspects are never with others. Squared
/// errors add up, so the sum over the groups loses none.
class GroupProbing {
 public:
  using Group = std::vector<UnitIndex>;  ///< sorted

  /// So many units are probed one by one.
  static constexpr std::size_t kMostAlone = 300;

  /// \param units  free; of few, each is a group of its own
  GroupProbing(const Space& space, const std::vector<UnitIndex>& units);

  /// The groups to lower next, the last units first: all the first time, then halves. Empty: done.
  std::vector<Group> next(const std::vector<Trial>& trials);

 private:
  // By group; infinite where it did not stay finite, 0 where it was not tried.
  std::vector<double> added_squared_error(const std::vector<Trial>& trials) const;

  const Space& space_;
  std::vector<Group> groups_;  ///< that were not split
  bool is_first_ = true;
};

/// Units that share what a probe of several adds.
struct ProbedGroup {
  std::vector<UnitIndex> units;  ///< free ones that the probe lowers
  std::size_t trial;             ///< its index
};

/// Probes that lower several units, the smallest groups first: what is known of a unit that no
/// probe lowered alone is a share of the first that has it.
std::vector<ProbedGroup> probed_groups(const Space& space, const std::vector<Trial>& trials);

}  // namespace keel::search
