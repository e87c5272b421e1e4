#include "tuner/search/moves.h"

#include <gtest/gtest.h>

namespace keel::search {
namespace {

using Moves = std::vector<std::vector<UnitIndex>>;

TEST(Moves, AreUnitsProducersWithConsumersAndWhatMerges) {
  Space space;
  space.units.resize(5);
  space.tensors = {{std::nullopt, {0, 1}}, {0, {1, 2}}, {2, {3, 2}}};
  space.adjacent = {{3, 4, 1.0}, {1, 0, 1.0}};
  EXPECT_EQ(moves(space), (Moves{{0}, {1}, {2}, {3}, {4}, {0, 1}, {0, 2}, {2, 3}, {3, 4}}));
}

TEST(Moves, LeaveFixedUnitsAlone) {
  Space space;
  space.units.resize(3);
  space.units[1].state = UnitState::Kept;
  space.tensors = {{0, {1}}, {0, {2}}};
  space.adjacent = {{1, 2, 1.0}};
  EXPECT_EQ(moves(space), (Moves{{0}, {2}, {0, 2}}));
}

}  // namespace
}  // namespace keel::search
