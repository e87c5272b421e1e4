#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tuner/engine/target_fixture.h"
#include "tuner/engine/formats.h"

namespace keel::engine {
namespace {

constexpr std::string_view kGraph =
    "x: f32[8,16] = input\n"
    "w: f32[16,16] = constant random(1)\n"
    "a = MatMul(x, w)\n"
    "b = Softmax(a)\n"
    "c = MatMul(b, w)\n"
    "d = Softmax(c)\n"
    "return d\n";

Target target_with_bf16(const std::vector<bool>& candidates) {
  Target target = target_of(kGraph);
  target.format = Format::Bf16;
  add_bf16(target, candidates);
  return target;
}

std::vector<std::string> names_of_formats(const Target& target) {
  std::vector<std::string> names;
  for (const UnitFacts& unit : target.units)
    if (unit.format_of) names.push_back(unit.name);
  return names;
}

TEST(UnitFormats, ArePrecisionsInAnOrder) {
  const Target target = target_with_bf16({false, true, false, false});
  ASSERT_EQ(target.units.size(), 5u);
  const auto precision = [&](std::uint8_t lowered, std::uint8_t format) {
    search::Assignment x = target.uniform(0);
    x[1] = lowered;
    x[4] = format;
    return target.precisions(x)[1];
  };
  EXPECT_EQ(precision(0, 0).input, DType::F32);
  EXPECT_EQ(precision(0, 1).input, DType::BF16);
  EXPECT_EQ(precision(0, 1).output, DType::BF16);
  EXPECT_EQ(precision(1, 1).input, DType::F16);
}

TEST(UnitFormats, OfBf16AreThoseOfFreeCandidates) {
  Target target = target_of(kGraph);
  target.format = Format::Bf16;
  target.units[2].state = search::UnitState::Kept;
  add_bf16(target, {true, false, true, true});
  EXPECT_EQ(names_of_formats(target),
            (std::vector{target.units[0].name + " (BF16)", target.units[3].name + " (BF16)"}));
}

TEST(UnitFormats, OfBf16AreNotThoseOfWhatFollowsAnotherOrOnlyMoves) {
  Target target = target_of(
      "x: f32[8,16] = input\n"
      "w: f32[8,8] = constant random(1)\n"
      "a = Transpose(x)\n"
      "b = Softmax(a)\n"
      "c = MatMul(b, w)\n"
      "return c, a\n");
  target.format = Format::Bf16;
  ASSERT_EQ(target.units.size(), 3u);
  ASSERT_EQ(std::ranges::count(target.prepared.units(), true, &passes::Unit::layout_only), 1);
  target.units[2].follows = 1;
  add_bf16(target, {true, true, true});
  EXPECT_EQ(names_of_formats(target), (std::vector{target.units[1].name + " (BF16)"}));
}

// What must agree does so in its format too: no keep list tells the members apart.
TEST(UnitFormats, OfBf16AreThoseOfAWholeGang) {
  Target target = target_of(kGraph);
  target.format = Format::Bf16;
  target.units[2].gang = 0;
  add_bf16(target, {false, false, true, false});
  ASSERT_EQ(target.units.size(), 6u);
  EXPECT_EQ(target.units[4].format_of, 0u);
  EXPECT_EQ(target.units[5].format_of, 2u);
  EXPECT_EQ(target.units[5].gang, 4u);

  Target fixed = target_of(kGraph);
  fixed.format = Format::Bf16;
  fixed.units[2].gang = 0;
  fixed.units[0].state = search::UnitState::Kept;
  add_bf16(fixed, {false, false, true, false});
  EXPECT_EQ(fixed.units.size(), 4u);
}

TEST(UnitFormats, AreThoseOfAStudy) {
  const Target target = target_with_bf16({true, false, false, true});
  std::vector<study::UnitRecord> records;
  for (const UnitFacts& unit : target.units) {
    records.emplace_back();
    records.back().nodes = unit.nodes;
    records.back().follows = unit.follows;
  }
  Target again = target_of(kGraph);
  again.format = Format::Bf16;
  add_formats_of(records, again);
  EXPECT_EQ(names_of_formats(again), names_of_formats(target));
  for (std::size_t u = 0; u < target.units.size(); ++u) {
    EXPECT_EQ(again.units[u].follows, target.units[u].follows) << u;
    EXPECT_EQ(again.units[u].format_of, target.units[u].format_of) << u;
  }
}

}  // namespace
}  // namespace keel::engine
