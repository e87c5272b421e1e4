#include "tuner/search/free_units.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/tuner/search/synthetic_model.h"

namespace keel::search {
namespace {

TEST(FreeUnits, AreThoseTheSearchDecidesInOrder) {
  Space space = random_space(1, 5);
  space.units[0].state = UnitState::Kept;
  space.units[2].state = UnitState::Lowered;
  space.units[3].state = UnitState::Original;
  EXPECT_EQ(free_units(space), (std::vector<UnitIndex>{1, 4}));
}

TEST(CountChoices, CountsAGangOnce) {
  Space space = random_space(1, 6);
  space.units[0].state = UnitState::Kept;
  space.units[3].gang = 1;
  space.units[5].gang = 1;
  EXPECT_EQ(count_choices(space), 3u);
}

TEST(CountAssignments, CountsWhatIsRealised) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Space space = random_space(seed, 9);
    space.units[seed % 9].state = UnitState::Lowered;
    const auto place = [&](std::uint64_t u) {  // leaders before what follows them, or behind
      return static_cast<UnitIndex>(seed % 2 == 0 ? u : 8 - u);
    };
    for (UnitIndex u = 1; u < 9; ++u)
      if (space.units[place(u)].state == UnitState::Free && (u + seed) % 3 != 0)
        space.units[place(u)].follows = place((u * 5 + seed) % u);
    std::size_t expected = 0;
    for (const Assignment& x : every_assignment(space)) expected += is_realised(space, x) ? 1 : 0;
    EXPECT_EQ(count_assignments(space), expected) << "seed " << seed;
  }
}

TEST(CountAssignments, StopsAtTheLargestNumber) {
  EXPECT_EQ(count_assignments(random_space(1, 70)), std::numeric_limits<std::size_t>::max());
  EXPECT_EQ(count_assignments(Space{}), 1U);
}

}  // namespace
}  // namespace keel::search
