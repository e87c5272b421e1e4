#include "tuner/search/similarity.h"

#include <gtest/gtest.h>

#include <cmath>

namespace keel::search {
namespace {

Space chain(std::size_t units) {
  Space space;
  for (UnitIndex u = 0; u < units; ++u) {
    space.units.push_back({});
    if (u > 0) space.tensors.push_back({.producer = u - 1, .consumers = {u}});
  }
  return space;
}

TEST(HammingDistance, CountsAcrossWords) {
  Assignment a(70, 0);
  Assignment b = a;
  b[3] = b[64] = b[69] = 1;
  EXPECT_EQ(hamming_distance(to_bits(a), to_bits(b)), 3);
  EXPECT_EQ(hamming_distance(to_bits(b), to_bits(b)), 0);
}

SharedError example() {
  return {chain(4), {.base = 0, .unit = {8, 2, 2, -4}, .tensor = {0, 0, 0}}};
}

TEST(SharedError, IsTheCorrelationOfProductsOfTwoRoundings) {
  const SharedError shared = example();
  const Bits a = to_bits({1, 1, 0, 0});
  const Bits b = to_bits({1, 0, 1, 0});
  EXPECT_DOUBLE_EQ(shared(a, b), 8.0 * 8 / (10 * 10));
  EXPECT_DOUBLE_EQ(shared(a, a), 1);
  EXPECT_DOUBLE_EQ(shared(to_bits({1, 0, 0, 0}), to_bits({0, 1, 0, 0})), 0);
}

TEST(SharedError, TakesWhatLoweringTakesAwayAsAChangeOfThatSize) {
  EXPECT_DOUBLE_EQ(example()(to_bits({0, 1, 0, 1}), to_bits({0, 1, 0, 0})), 2.0 * 2 / (6 * 2));
}

TEST(SharedError, HasItsDistanceInRatiosOfTheError) {
  const SharedError shared = example();
  EXPECT_DOUBLE_EQ(shared.distance(to_bits({1, 1, 0, 0}), to_bits({1, 0, 1, 0})), 4.0 / 10);
  EXPECT_DOUBLE_EQ(shared.distance(to_bits({1, 1, 0, 0}), to_bits({1, 1, 0, 0})), 0);
}

TEST(SharedError, CountsAPartOfTheBaseForEachUnit) {
  const SharedError shared(chain(4), {.base = 4, .unit = {0, 0, 0, 0}, .tensor = {0, 0, 0}});
  EXPECT_DOUBLE_EQ(shared.distance(to_bits({0, 0, 0, 0}), to_bits({1, 1, 1, 1})),
                   4 / std::sqrt(4.0 * 8));
}

TEST(SharedError, IsOneWhereNothingHasAnError) {
  const SharedError shared(chain(2), {.base = 0, .unit = {0, 0}, .tensor = {0}});
  EXPECT_EQ(shared(to_bits({0, 1}), to_bits({1, 0})), 1);
  EXPECT_EQ(shared.distance(to_bits({0, 1}), to_bits({1, 0})), 0);
}

TEST(SharedSurroundings, AreThoseOfUnitsWhoseNeighboursAreEqualToo) {
  const SharedSurroundings shared(chain(10));
  const Assignment none(10, 0);
  Assignment middle = none, end = none, apart = none, beside = none;
  middle[4] = 1;
  end[0] = 1;
  apart[1] = apart[8] = 1;
  beside[4] = beside[5] = 1;
  EXPECT_DOUBLE_EQ(shared(to_bits(none), to_bits(none)), 1);
  EXPECT_DOUBLE_EQ(shared(to_bits(none), to_bits(middle)), 0.7);
  EXPECT_DOUBLE_EQ(shared(to_bits(none), to_bits(end)), 0.8);
  EXPECT_DOUBLE_EQ(shared(to_bits(none), to_bits(apart)), 0.4);
  EXPECT_DOUBLE_EQ(shared(to_bits(none), to_bits(beside)), 0.6);
}

TEST(SharedSurroundings, HaveWhatMergesInThem) {
  Space space = chain(4);
  space.adjacent = {{0, 3, 1}};
  Assignment last(4, 0);
  last[3] = 1;
  EXPECT_DOUBLE_EQ(SharedSurroundings(space)(to_bits(Assignment(4, 0)), to_bits(last)), 0.25);
}

}  // namespace
}  // namespace keel::search
