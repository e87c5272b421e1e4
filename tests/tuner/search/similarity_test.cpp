#include "tuner/search/similarity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/base/random.h"

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
  const auto correlation = [&](const Assignment& a, const Assignment& b) {
    return shared.correlation(shared.of(a), shared.of(b));
  };
  EXPECT_DOUBLE_EQ(correlation({1, 1, 0, 0}, {1, 0, 1, 0}), 8.0 * 8 / (10 * 10));
  EXPECT_DOUBLE_EQ(correlation({1, 1, 0, 0}, {1, 1, 0, 0}), 1);
  EXPECT_DOUBLE_EQ(correlation({1, 0, 0, 0}, {0, 1, 0, 0}), 0);
  EXPECT_DOUBLE_EQ(correlation({0, 1, 0, 1}, {0, 1, 0, 0}), 2.0 * 2 / (6 * 2))
      << "what lowering takes away is a change of that size";
}

TEST(SharedError, HasItsDistanceInRatiosOfTheError) {
  const SharedError shared = example();
  const SharedError::Parts a = shared.of({1, 1, 0, 0});
  EXPECT_DOUBLE_EQ(shared.distance(a, shared.of({1, 0, 1, 0})), 4.0 / 10);
  EXPECT_EQ(shared.distance(a, a), 0);
}

TEST(SharedError, CountsAPartOfTheBaseForEachUnit) {
  const SharedError shared(chain(4), {.base = 4, .unit = {0, 0, 0, 0}, .tensor = {0, 0, 0}});
  EXPECT_DOUBLE_EQ(shared.distance(shared.of({0, 0, 0, 0}), shared.of({1, 1, 1, 1})),
                   4 / std::sqrt(4.0 * 8));
}

TEST(SharedError, IsOneWhereNothingHasAnError) {
  const SharedError shared(chain(2), {.base = 0, .unit = {0, 0}, .tensor = {0}});
  const SharedError::Parts a = shared.of({0, 1}), b = shared.of({1, 0});
  EXPECT_EQ(shared.correlation(a, b), 1);
  EXPECT_EQ(shared.distance(a, b), 0);
}

int differing_surroundings(const Space& space, const Assignment& a, const Assignment& b) {
  const SharedSurroundings shared(space);
  return SharedSurroundings::differing(shared.of(a), shared.of(b)).surroundings;
}

TEST(SharedSurroundings, AreThoseOfUnitsWhoseNeighboursAreEqualToo) {
  const Space space = chain(10);
  const Assignment none(10, 0);
  Assignment middle = none, end = none, apart = none, beside = none;
  middle[4] = 1;
  end[0] = 1;
  apart[1] = apart[8] = 1;
  beside[4] = beside[5] = 1;
  EXPECT_EQ(differing_surroundings(space, none, none), 0);
  EXPECT_EQ(differing_surroundings(space, none, middle), 3);
  EXPECT_EQ(differing_surroundings(space, none, end), 2);
  EXPECT_EQ(differing_surroundings(space, none, apart), 6);
  EXPECT_EQ(differing_surroundings(space, none, beside), 4);
}

TEST(SharedSurroundings, HaveWhatMergesInThem) {
  Space space = chain(4);
  space.adjacent = {{0, 3, 1}};
  EXPECT_EQ(differing_surroundings(space, {0, 0, 0, 0}, {0, 0, 0, 1}), 3);
}

// Against units compared one by one, with a hub of more neighbours than a code has bits.
TEST(SharedSurroundings, AreWhatUnitsAndNeighboursSayOneByOne) {
  constexpr std::size_t kUnits = 150;
  Space space = chain(kUnits);
  std::vector<std::set<std::size_t>> around(kUnits);
  const auto link = [&](std::size_t a, std::size_t b) {
    around[a].insert(b);
    around[b].insert(a);
  };
  for (std::size_t u = 0; u < kUnits; ++u) {
    link(u, u);
    if (u > 0) link(u - 1, u);
    if (u % 5 != 0) continue;
    space.adjacent.push_back({70, static_cast<UnitIndex>(u), 1});
    link(70, u);
  }
  const SharedSurroundings shared(space);
  Rng rng(5);
  for (int round = 0; round < 200; ++round) {
    Assignment a(kUnits), b(kUnits);
    for (std::size_t u = 0; u < kUnits; ++u) {
      a[u] = static_cast<std::uint8_t>(rng.below(2));
      b[u] = rng.below(20) == 0 ? a[u] ^ 1 : a[u];
    }
    int units = 0, surroundings = 0;
    for (std::size_t u = 0; u < kUnits; ++u) {
      units += a[u] != b[u] ? 1 : 0;
      surroundings +=
          std::ranges::any_of(around[u], [&](std::size_t v) { return a[v] != b[v]; }) ? 1 : 0;
    }
    const auto differing = SharedSurroundings::differing(shared.of(a), shared.of(b));
    EXPECT_EQ(differing.units, units) << round;
    EXPECT_EQ(differing.surroundings, surroundings) << round;
  }
}

}  // namespace
}  // namespace keel::search
