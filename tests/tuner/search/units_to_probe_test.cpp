#include "tuner/search/units_to_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace keel::search {
namespace {

Space space_of(std::size_t units) {
  Space space;
  space.units.resize(units);
  return space;
}

// Falls with the index.
Space known_space(std::size_t units) {
  Space space = space_of(units);
  for (std::size_t u = 0; u < units; ++u)
    space.units[u].earlier_squared_error = std::pow(10, -4 - 0.01 * static_cast<double>(u));
  return space;
}

TEST(UnitsToProbe, AreAllFreeOnesWithoutAnEarlierStudy) {
  Space space = space_of(4);
  space.units[1].state = UnitState::Kept;
  space.units[3].state = UnitState::Lowered;
  EXPECT_EQ(units_to_probe(space), (std::vector<UnitIndex>{0, 2}));
}

TEST(UnitsToProbe, AreTheFirstOfEachGang) {
  Space space = known_space(30);
  space.units[2].gang = 0;
  space.units[1].gang = 0;
  space.units[29].gang = 28;
  space.units[29].suspect = true;
  const std::vector<UnitIndex> probed = units_to_probe(space);
  for (const UnitIndex u : {1u, 2u, 29u}) EXPECT_EQ(std::ranges::count(probed, u), 0) << u;
  EXPECT_EQ(std::ranges::count(probed, 0u), 1);
  EXPECT_EQ(std::ranges::count(probed, 28u), 1) << "one of its gang is suspect";
}

TEST(UnitsToProbe, AreTheLargestAndSomeOfTheOthersThatAnEarlierStudyTried) {
  const std::vector<UnitIndex> probed = units_to_probe(known_space(100));
  ASSERT_EQ(probed.size(), 16u);
  for (UnitIndex u = 0; u < 8; ++u) EXPECT_EQ(probed[u], u);
  EXPECT_GT(probed.back(), 80u);
}

TEST(UnitsToProbe, AreAllThatAreSuspectOrUnknownToTheEarlierStudy) {
  Space space = known_space(100);
  space.units[50].suspect = true;
  space.units[60].earlier_squared_error.reset();
  space.units[70].state = UnitState::Kept;
  space.units[70].earlier_squared_error.reset();
  const std::vector<UnitIndex> probed = units_to_probe(space);
  EXPECT_EQ(probed.size(), 18u);
  EXPECT_TRUE(std::ranges::is_sorted(probed));
  for (const UnitIndex unit : {50u, 60u})
    EXPECT_TRUE(std::ranges::binary_search(probed, unit)) << unit;
  EXPECT_FALSE(std::ranges::binary_search(probed, 70u));
}

TEST(UnitsToProbe, AreEachOnceOfFew) {
  for (std::size_t count = 0; count < 20; ++count) {
    const std::vector<UnitIndex> probed = units_to_probe(known_space(count));
    EXPECT_EQ(probed.size(), std::min<std::size_t>(count, 16));
    EXPECT_EQ(std::ranges::adjacent_find(probed), probed.end());
  }
}

}  // namespace
}  // namespace keel::search
