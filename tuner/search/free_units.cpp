#include "tuner/search/free_units.h"

#include <algorithm>
#include <limits>
#include <ranges>

namespace keel::search {

std::vector<UnitIndex> free_units(const Space& space) {
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free) units.push_back(u);
  return units;
}

std::size_t count_choices(const Space& space) {
  return static_cast<std::size_t>(std::ranges::count_if(
      space.units, [](const Unit& unit) { return unit.state == UnitState::Free && !unit.gang; }));
}

std::size_t count_assignments(const Space& space) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  const auto times = [](std::size_t a, std::size_t b) { return a > kMost / b ? kMost : a * b; };
  const auto leader_of = [&](UnitIndex u) -> std::optional<UnitIndex> {
    const std::optional<UnitIndex>& leader = space.units[u].follows;
    return leader && space.units[*leader].state == UnitState::Free ? leader : std::nullopt;
  };
  std::vector<std::vector<UnitIndex>> followers(space.units.size());
  std::vector<UnitIndex> order;  // leaders before what follows them
  for (const UnitIndex u : free_units(space)) {
    const std::optional<UnitIndex> leader = leader_of(u);
    if (leader)
      followers[*leader].push_back(u);
    else
      order.push_back(u);
  }
  for (std::size_t i = 0; i < order.size(); ++i)
    order.insert(order.end(), followers[order[i]].begin(), followers[order[i]].end());
  std::size_t total = 1;
  // Of each unit: choices of all that follow it, when it is lowered.
  std::vector<std::size_t> behind(space.units.size(), 1);
  for (const UnitIndex u : std::views::reverse(order)) {
    const std::size_t choices = behind[u] == kMost ? kMost : behind[u] + 1;  // or kept
    const std::optional<UnitIndex> leader = leader_of(u);
    std::size_t& product = leader ? behind[*leader] : total;
    product = times(product, choices);
  }
  return total;
}

}  // namespace keel::search
