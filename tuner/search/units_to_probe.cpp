#include "tuner/search/units_to_probe.h"

#include <algorithm>

namespace keel::search {
namespace {

// Of those an earlier study tried. The largest errors are most of every sum; the others are spread
// evenly over the order by error.
constexpr std::size_t kLargest = 8;
constexpr std::size_t kSpread = 8;

}  // namespace

std::vector<UnitIndex> units_to_probe(const Space& space) {
  std::vector<bool> must_be(space.units.size(), false);  // of a gang, at its first unit
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    const Unit& unit = space.units[u];
    if (unit.suspect || !unit.earlier_squared_error) must_be[unit.gang.value_or(u)] = true;
  }
  std::vector<UnitIndex> probed, known;
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free && !space.units[u].gang)
      (must_be[u] ? probed : known).push_back(u);
  std::ranges::stable_sort(known, std::greater(),
                           [&](UnitIndex u) { return *space.units[u].earlier_squared_error; });
  const std::size_t largest = std::min(kLargest, known.size());
  const std::size_t others = known.size() - largest;
  const std::size_t spread = std::min(kSpread, others);
  probed.insert(probed.end(), known.begin(), known.begin() + static_cast<std::ptrdiff_t>(largest));
  for (std::size_t i = 0; i < spread; ++i) probed.push_back(known[largest + i * others / spread]);
  std::ranges::sort(probed);
  return probed;
}

}  // namespace keel::search
