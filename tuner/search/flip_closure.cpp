#include "tuner/search/flip_closure.h"

#include <algorithm>

namespace keel::search {

FlipClosure::FlipClosure(const Space& space)
    : space_(space), followers_(space.units.size()), gangs_(space.units.size()) {
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    const Unit& unit = space.units[u];
    if (unit.follows) followers_[*unit.follows].push_back(u);
    if (unit.gang) gangs_[*unit.gang].push_back(u);
    if (unit.follows || unit.gang) is_trivial_ = false;
  }
}

std::vector<UnitIndex> FlipClosure::of(const Assignment& x,
                                       std::span<const UnitIndex> units) const {
  std::vector<UnitIndex> flips;
  const auto flips_too = [&](UnitIndex u) {
    return std::find(flips.begin(), flips.end(), u) != flips.end();
  };
  for (const UnitIndex unit : units)  // random pairs may name one twice
    if (!flips_too(unit)) flips.push_back(unit);
  // False where `unit` cannot get `bit`.
  const auto set = [&](UnitIndex unit, std::uint8_t bit) {
    if (flips_too(unit)) return x[unit] != bit;
    if (x[unit] == bit) return true;
    if (space_.units[unit].state != UnitState::Free) return false;
    flips.push_back(unit);
    return true;
  };
  for (std::size_t i = 0; i < flips.size(); ++i) {
    const UnitIndex unit = flips[i];
    const bool lowers = x[unit] == 0;
    const std::uint8_t bit = lowers ? 1 : 0;
    const UnitIndex first = space_.units[unit].gang.value_or(unit);
    if (!set(first, bit)) return {};
    for (const UnitIndex other : gangs_[first])
      if (!set(other, bit)) return {};
    if (lowers && space_.units[unit].follows && !set(*space_.units[unit].follows, 1)) return {};
    if (lowers) continue;
    for (const UnitIndex follower : followers_[unit])
      if (!set(follower, 0)) return {};
  }
  return flips;
}

}  // namespace keel::search
