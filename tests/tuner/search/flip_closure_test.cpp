#include "tuner/search/flip_closure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace keel::search {
namespace {

// 0 <- 1 <- 2, 0 <- 3, and 4 alone.
Space tree() {
  Space space;
  space.units.resize(5);
  space.units[1].follows = 0;
  space.units[2].follows = 1;
  space.units[3].follows = 0;
  return space;
}

std::vector<UnitIndex> closed(const Space& space, const Assignment& x,
                              const std::vector<UnitIndex>& units) {
  std::vector<UnitIndex> flips = FlipClosure(space).of(x, units);
  std::sort(flips.begin(), flips.end());
  return flips;
}

using Units = std::vector<UnitIndex>;

TEST(FlipClosure, LowersWhatIsFollowed) {
  EXPECT_EQ(closed(tree(), {0, 0, 0, 0, 0}, {2}), (Units{0, 1, 2}));
  EXPECT_EQ(closed(tree(), {1, 0, 0, 0, 0}, {2}), (Units{1, 2}));
  EXPECT_EQ(closed(tree(), {0, 0, 0, 0, 0}, {4}), (Units{4}));
}

TEST(FlipClosure, KeepsWhatFollows) {
  EXPECT_EQ(closed(tree(), {1, 1, 1, 1, 1}, {0}), (Units{0, 1, 2, 3}));
  EXPECT_EQ(closed(tree(), {1, 1, 1, 0, 0}, {1}), (Units{1, 2}));
}

TEST(FlipClosure, IsEmptyWhereAFixedUnitWouldHaveToFlip) {
  Space space = tree();
  space.units[0].state = UnitState::Kept;
  EXPECT_EQ(closed(space, {0, 0, 0, 0, 0}, {3}), Units{});
}

TEST(FlipClosure, IsEmptyWhereTheUnitsContradict) {
  // 1 is to be lowered, 0, which it follows, to be kept.
  EXPECT_EQ(closed(tree(), {1, 0, 0, 0, 0}, {0, 1}), Units{});
}

TEST(FlipClosure, FlipsUnitsThatMustAgreeTogether) {
  Space space = tree();
  space.units[4].gang = 2;
  EXPECT_EQ(closed(space, {0, 0, 0, 0, 0}, {4}), (Units{0, 1, 2, 4}));
  EXPECT_EQ(closed(space, {1, 1, 1, 0, 1}, {1}), (Units{1, 2, 4}));
  EXPECT_EQ(closed(space, {1, 1, 1, 0, 1}, {4}), (Units{2, 4}));
  EXPECT_EQ(closed(space, {1, 1, 1, 0, 1}, {4, 4}), (Units{2, 4})) << "named twice";
}

TEST(FlipClosure, IsTrivialWithoutFollowers) {
  Space space;
  space.units.resize(3);
  EXPECT_TRUE(FlipClosure(space).is_trivial());
  EXPECT_FALSE(FlipClosure(tree()).is_trivial());
  space.units[2].gang = 0;
  EXPECT_FALSE(FlipClosure(space).is_trivial());
}

}  // namespace
}  // namespace keel::search
