#include "tuner/search/space.h"

#include <gtest/gtest.h>

#include <limits>

namespace keel::search {
namespace {

Unit unit(double kept_us, double lowered_us, UnitState state = UnitState::Free) {
  return {state, kept_us, lowered_us, 1, false};
}

// input -> 0 -> {1, 2}; 2 is fixed at kept.
Space fork() {
  Space space;
  space.units = {unit(10, 5), unit(20, 8), unit(4, 3, UnitState::Kept)};
  space.tensors = {
      {std::nullopt, {0}, false, 0, 0.5}, {0, {1, 2}, false, 1, 2}, {1, {}, true, 3, 0}};
  space.adjacent = {{0, 1, 0.25}};
  return space;
}

TEST(Space, PaysACastOncePerTensorAndDirection) {
  const Space space = fork();
  EXPECT_DOUBLE_EQ(predicted_latency_us(space, {0, 0, 0}), 34 - 0.25);
  // Input cast, and tensor 0 back for unit 2; the output of unit 1 back to the graph's precision.
  EXPECT_DOUBLE_EQ(predicted_latency_us(space, {1, 1, 0}), 5 + 8 + 4 + 0.5 + 1 + 3 - 0.25);
  EXPECT_DOUBLE_EQ(predicted_latency_us(space, {1, 0, 0}), 5 + 20 + 4 + 0.5 + 1);
  EXPECT_DOUBLE_EQ(predicted_latency_us(space, {0, 1, 0}), 10 + 8 + 4 + 2 + 3);
}

TEST(Space, SharesOneCastBetweenAllConsumersThatNeedIt) {
  Space space = fork();
  space.units[2].state = UnitState::Free;
  EXPECT_DOUBLE_EQ(predicted_latency_us(space, {0, 1, 1}), 10 + 8 + 3 + 2 + 3);
}

TEST(Space, HoldsFixedUnitsAtTheirBit) {
  Space space = fork();
  space.units[0].state = UnitState::Lowered;
  EXPECT_EQ(all_kept(space), (Assignment{1, 0, 0}));
  EXPECT_EQ(all_lowered(space), (Assignment{1, 1, 0}));
  EXPECT_EQ(with_fixed_units(space, {0, 1, 1}), (Assignment{1, 1, 0}));
}

// 0 <- 1 <- 2: a chain of followers.
Space chain() {
  Space space;
  space.units = {unit(10, 5), unit(20, 8), unit(4, 3)};
  space.units[1].follows = 0;
  space.units[2].follows = 1;
  return space;
}

TEST(Space, LowersAFollowerOnlyWithWhatItFollows) {
  const Space space = chain();
  EXPECT_EQ(with_fixed_units(space, {0, 1, 1}), (Assignment{0, 0, 0}));
  EXPECT_EQ(with_fixed_units(space, {1, 0, 1}), (Assignment{1, 0, 0}));
  EXPECT_EQ(lowered_alone(space, {2}), (Assignment{1, 1, 1}));
  EXPECT_EQ(lowered_alone(space, {1}), (Assignment{1, 1, 0}));
  EXPECT_EQ(lowered_with(space, 2), (std::vector<UnitIndex>{0, 1, 2}));
  EXPECT_TRUE(is_realised(space, {1, 1, 0}));
  EXPECT_FALSE(is_realised(space, {1, 0, 1}));
}

TEST(Space, CountsTheTensorsThatNeedACast) {
  const Space space = fork();
  EXPECT_EQ(predicted_casts(space, {0, 0, 0}), 0);
  EXPECT_EQ(predicted_casts(space, {1, 1, 0}), 3) << "input, tensor 0 back, output";
  EXPECT_EQ(predicted_casts(space, {1, 0, 0}), 2);
  EXPECT_EQ(predicted_casts(space, {0, 1, 0}), 2);
}

// 0 alone, 1 and 3 must agree, 3 follows 2.
Space gang() {
  Space space;
  space.units = {unit(10, 5), unit(20, 8), unit(4, 3), unit(6, 2)};
  space.units[3].follows = 2;
  space.units[3].gang = 1;
  return space;
}

TEST(Space, GivesUnitsThatMustAgreeTheSameBit) {
  const Space space = gang();
  EXPECT_EQ(with_fixed_units(space, {1, 1, 1, 1}), (Assignment{1, 1, 1, 1}));
  EXPECT_EQ(with_fixed_units(space, {1, 1, 1, 0}), (Assignment{1, 0, 1, 0}));
  EXPECT_EQ(with_fixed_units(space, {1, 0, 1, 1}), (Assignment{1, 0, 1, 0}));
  EXPECT_EQ(with_fixed_units(space, {1, 1, 0, 1}), (Assignment{1, 0, 0, 0})) << "3 follows 2";
  EXPECT_EQ(lowered_with(space, 1), (std::vector<UnitIndex>{1, 2, 3}));
  EXPECT_EQ(lowered_with(space, 2), (std::vector<UnitIndex>{2}));
  EXPECT_EQ(gang_of(space, 3), (std::vector<UnitIndex>{1, 3}));
  EXPECT_EQ(gang_of(space, 0), (std::vector<UnitIndex>{0}));
  EXPECT_TRUE(is_realised(space, {0, 1, 1, 1}));
  EXPECT_FALSE(is_realised(space, {0, 1, 1, 0}));
}

TEST(Space, RefusesAGangThatIsNotNamedByItsFirstFreeUnit) {
  Space space = gang();
  EXPECT_TRUE(verify(space).ok());
  space.units[1].state = UnitState::Kept;
  const Status status = verify(space);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what,
            "unit 1, which it must agree with, is not the first free one of its gang");
}

TEST(Space, ListsOnlyWhatTheModeWouldNotKeepByItself) {
  EXPECT_TRUE(is_listed(UnitState::Free));
  EXPECT_TRUE(is_listed(UnitState::Kept));
  EXPECT_FALSE(is_listed(UnitState::Lowered));
  EXPECT_FALSE(is_listed(UnitState::Original));
  Space space = chain();
  space.units[0].state = UnitState::Original;
  space.units[1].follows.reset();
  EXPECT_EQ(all_lowered(space), (Assignment{0, 1, 1}));
}

TEST(Space, RefusesAFollowerOfWhatIsNeverLowered) {
  Space space = chain();
  EXPECT_TRUE(verify(space).ok());
  space.units[0].state = UnitState::Kept;
  const Status kept = verify(space);
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().what, "unit 0, which it follows, is not lowered by any assignment");
  space.units[0].state = UnitState::Free;
  space.units[0].follows = 2;
  const Status circle = verify(space);
  ASSERT_FALSE(circle.ok());
  EXPECT_EQ(circle.error().what, "it follows itself");
  space.units[0].follows = 2;
  space.units[1].follows.reset();
  space.units[2].follows = 3;
  EXPECT_EQ(verify(space).error().what, "unit 3, which it follows, does not exist");
  space.units[0].follows = 3;
  EXPECT_EQ(verify(space).error().what, "unit 3, which it follows, does not exist");
}

TEST(Space, FindsTheOnlyUnitThatIsLowered) {
  Space space;
  space.units.assign(5, unit(2, 1));
  space.units[1].follows = 4;  // 3 follows 1 follows 4
  space.units[3].follows = 1;
  const Assignment kept(5, 0);
  EXPECT_EQ(only_lowered(space, {0, 1, 0, 0, 1}, kept), 1U);
  EXPECT_EQ(only_lowered(space, {0, 1, 0, 1, 1}, kept), 3U);
  EXPECT_EQ(only_lowered(space, {0, 0, 0, 0, 1}, kept), 4U);
  EXPECT_EQ(only_lowered(space, {1, 1, 0, 0, 1}, kept), std::nullopt);
  EXPECT_EQ(only_lowered(space, {0, 1, 0, 0, 1}, {0, 0, 0, 0, 1}), 1U) << "4 is lowered in both";
  EXPECT_EQ(only_lowered(space, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 1}), std::nullopt);
  EXPECT_EQ(only_lowered(space, kept, kept), std::nullopt);
}

TEST(Space, CountsOnlyFreeKeptUnits) {
  EXPECT_EQ(kept_units(fork(), {0, 0, 0}), 2);
  EXPECT_EQ(kept_units(fork(), {0, 1, 0}), 1);
}

TEST(Space, AcceptsAWellFormedSpace) { EXPECT_TRUE(verify(fork()).ok()); }

TEST(Space, NamesTheUnitWithABadTime) {
  Space space = fork();
  space.units[1].lowered_us = -1;
  const Status status = verify(space);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what,
            "unit times 20.000000 and -1.000000 us must be finite and not negative");
  EXPECT_EQ(status.error().where, "search space: unit 1");
  EXPECT_EQ(status.error().code, ErrorCode::InvalidConfig);
}

TEST(Space, NamesTheTensorWithABadConsumer) {
  Space space = fork();
  space.tensors[1].consumers = {2, 1};
  EXPECT_EQ(verify(space).error().what, "consumer 1 follows 2 but must be larger");
  space.tensors[1].consumers = {1, 7};
  EXPECT_EQ(verify(space).error().what, "unit 7 is not below 3");
  space.tensors[1].consumers = {0, 1};
  EXPECT_EQ(verify(space).error().what, "unit 0 consumes what it produces");
  space.tensors[1] = {9, {1}, false, 0, 0};
  EXPECT_EQ(verify(space).error().what, "unit 9 is not below 3");
  EXPECT_EQ(verify(space).error().where, "search space: tensor 1");
}

TEST(Space, RefusesACastTimeThatIsNotFinite) {
  Space space = fork();
  space.tensors[2].cast_to_kept_us = std::numeric_limits<double>::infinity();
  EXPECT_EQ(verify(space).error().what,
            "cast times inf and 0.000000 us must be finite and not negative");
}

TEST(Space, NamesTheBadPole) {
  Space space = fork();
  space.poles = {{{0, 1}}, {}};
  EXPECT_EQ(verify(space).error().where, "search space: pole 1");
  space.poles = {{{1, 0}}};
  EXPECT_EQ(verify(space).error().what, "unit 0 follows 1 but must be larger");
  space.poles = {{{0, 3}}};
  EXPECT_EQ(verify(space).error().what, "unit 3 is not a free one of 3");
  space.poles = {{{0}}};
  space.units[0].state = UnitState::Kept;
  EXPECT_EQ(verify(space).error().what, "unit 0 is not a free one of 3");
}

TEST(Space, LowersAGroupAlone) { EXPECT_EQ(lowered_alone(fork(), {0, 2}), (Assignment{1, 0, 1})); }

TEST(Space, NamesTheBadAdjacency) {
  Space space = fork();
  space.adjacent[0] = {1, 1, 0};
  EXPECT_EQ(verify(space).error().what, "units 1 and 1 must differ and be below 3");
  space.adjacent[0] = {0, 1, -2};
  EXPECT_EQ(verify(space).error().what, "saving -2.000000 us must be finite and not negative");
  EXPECT_EQ(verify(space).error().where, "search space: adjacency 0");
}

}  // namespace
}  // namespace keel::search
