#include "tuner/search/inert_units.h"

#include <gtest/gtest.h>

#include <limits>

namespace keel::search {
namespace {

struct Told {
  Assignment assignment;
  double squared_error;
  TrialState state = TrialState::Complete;
};

InertUnits inert_units(const std::vector<Told>& told) {
  Space space;
  space.units.resize(told.front().assignment.size());
  std::vector<Trial> trials;
  for (const Told& one : told)
    trials.push_back(
        {trials.size(), one.assignment, Phase::Fill, {one.state, 1, one.squared_error}});
  return {space, trials};
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(InertUnits, GiveWhatDiffersInThemAloneTheSameError) {
  const InertUnits inert = inert_units({{{0, 0, 0}, 1}, {{0, 1, 0}, 1}, {{1, 0, 0}, 3}});
  EXPECT_EQ(inert.squared_error({1, 1, 0}), 3);
  EXPECT_EQ(inert.squared_error({1, 0, 0}), 3);
  EXPECT_EQ(inert.squared_error({1, 1, 1}), std::nullopt);
  EXPECT_TRUE(inert.have_same_error({0, 0, 1}, {0, 1, 1}));
  EXPECT_FALSE(inert.have_same_error({0, 0, 1}, {0, 1, 0}));
}

TEST(InertUnits, AreNotThoseThatOnceChangedSomething) {
  const InertUnits inert =
      inert_units({{{0, 0, 0}, 1}, {{0, 1, 0}, 1}, {{0, 0, 1}, 2}, {{0, 1, 1}, 4}});
  EXPECT_FALSE(inert.have_same_error({1, 0, 0}, {1, 1, 0}));
  EXPECT_EQ(inert.squared_error({1, 1, 0}), std::nullopt);
}

// Which of two did nothing is not known, nor whether they undo each other.
TEST(InertUnits, AreSeenWhereTheyAloneDiffer) {
  const InertUnits inert = inert_units({{{0, 0, 0}, 1}, {{1, 1, 0}, 1}});
  EXPECT_FALSE(inert.have_same_error({0, 0, 0}, {1, 0, 0}));
}

TEST(InertUnits, AreNotSeenInTrialsOfNoErrorAtHand) {
  EXPECT_FALSE(
      inert_units({{{0, 0}, kInfinity}, {{1, 0}, kInfinity}}).have_same_error({0, 1}, {1, 1}));
  // Estimates that were cut off at zero.
  EXPECT_FALSE(inert_units({{{0, 0}, 0, TrialState::Partial}, {{1, 0}, 0, TrialState::Partial}})
                   .have_same_error({0, 1}, {1, 1}));
  EXPECT_TRUE(inert_units({{{0, 0}, 0}, {{1, 0}, 0}}).have_same_error({0, 1}, {1, 1}));
}

TEST(InertUnits, AreToldApartAcrossWords) {
  Assignment none(70, 0), one(70, 0);
  one[66] = 1;
  Assignment x = none;
  x[2] = 1;
  Assignment with = x;
  with[66] = 1;
  const InertUnits inert = inert_units({{none, 1}, {one, 1}, {x, 2}});
  EXPECT_EQ(inert.squared_error(with), 2);
  with[65] = 1;  // of which nothing is known
  EXPECT_EQ(inert.squared_error(with), std::nullopt);
}

}  // namespace
}  // namespace keel::search
