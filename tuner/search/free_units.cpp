#include "tuner/search/free_units.h"

#include <limits>

namespace keel::search {

std::vector<UnitIndex> free_units(const Space& space) {
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free) units.push_back(u);
  return units;
}

std::size_t count_assignments(const Space& space) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  const auto times = [](std::size_t a, std::size_t b) { return a > kMost / b ? kMost : a * b; };
  std::size_t total = 1;
  // Of each unit: choices of all that follow it, when it is lowered.
  std::vector<std::size_t> followers(space.units.size(), 1);
  for (std::size_t u = space.units.size(); u-- > 0;) {
    const Unit& unit = space.units[u];
    if (unit.state != UnitState::Free) continue;
    const std::size_t choices = followers[u] == kMost ? kMost : followers[u] + 1;  // or kept
    const bool leader_is_free = unit.follows && space.units[*unit.follows].state == UnitState::Free;
    std::size_t& product = leader_is_free ? followers[*unit.follows] : total;
    product = times(product, choices);
  }
  return total;
}

}  // namespace keel::search
