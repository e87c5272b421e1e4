#include "tuner/search/flip_closure.h"

#include <algorithm>

namespace keel::search {

FlipClosure::FlipClosure(const Space& space) : space_(space), followers_(space.units.size()) {
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    if (!space.units[u].follows) continue;
    followers_[*space.units[u].follows].push_back(u);
    is_trivial_ = false;
  }
}

std::vector<UnitIndex> FlipClosure::of(const Assignment& x,
                                       std::span<const UnitIndex> units) const {
  std::vector<UnitIndex> flips(units.begin(), units.end());
  const auto flips_too = [&](UnitIndex u) {
    return std::find(flips.begin(), flips.end(), u) != flips.end();
  };
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
    if (lowers && space_.units[unit].follows && !set(*space_.units[unit].follows, 1)) return {};
    if (lowers) continue;
    for (const UnitIndex follower : followers_[unit])
      if (!set(follower, 0)) return {};
  }
  return flips;
}

}  // namespace keel::search
