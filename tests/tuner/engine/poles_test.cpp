#include "tuner/engine/poles.h"

#include "tests/tuner/engine/target_fixture.h"

namespace keel::engine {
namespace {

// "Log 'y': m y" of each pole: its name and the first node of each of its units, a line each.
std::string poles(const Target& target, const std::vector<std::vector<float>>& samples) {
  const ir::Graph& graph = target.prepared.graph();
  std::vector<std::string> first(target.units.size());
  for (const ir::NodeId id : ir::topological_order(graph))
    if (const auto unit = graph[id].unit; unit && first[index(*unit)].empty())
      first[index(*unit)] = graph[graph[id].origins.front()].name;
  std::string text;
  for (const Pole& pole :
       find_poles(target, ranges_of(target, must(find_roundings(target)), samples))) {
    text += pole.name + ":";
    for (const search::UnitIndex unit : pole.group.units) text += " " + first[unit];
    text += pole.group.floor_is_lost ? " (floor lost)\n" : "\n";
  }
  return text;
}

std::string poles(std::string_view graph, const std::vector<std::vector<float>>& samples) {
  return poles(target_of(graph), samples);
}

// A power spectrum: both squares underflow where the sound is faint.
constexpr std::string_view kSpectrum =
    "x: f32[4] = input\n"
    "half: f32[1] = constant {0.5}\n"
    "a = Mul(x, x)\n"
    "h = Mul(x, half)\n"
    "b = Mul(h, h)\n"
    "p = Add(a, b)\n"
    "y = Log(p)\n"
    "return y\n";

TEST(Poles, HoldEveryUnitThatMayBringTheZero) {
  EXPECT_EQ(poles(kSpectrum, {{1, 1, 1, 1e-5f}}), "Log 'y': a b p y\n");
}

TEST(Poles, AreNotWhereNothingUnderflows) { EXPECT_EQ(poles(kSpectrum, {{1, 2, 3, 4}}), ""); }

std::string floored(const std::string& floor) {
  return "x: f32[4] = input\n"
         "floor: f32[1] = constant {" +
         floor +
         "}\n"
         "scale: f32[1] = constant {3}\n"
         "a = Mul(x, x)\n"
         "m = Max(a, floor)\n"
         "s = Mul(m, scale)\n"
         "y = Log(s)\n"
         "return y\n";
}

TEST(Poles, LoseAFloorThatRoundsToZeroWhateverTheSamplesHold) {
  EXPECT_EQ(poles(floored("1e-10"), {{1, 1, 1, 1}}), "Log 'y': m s y (floor lost)\n");
}

TEST(Poles, AreNotAboveAFloorThatHolds) {
  EXPECT_EQ(poles(floored("1e-6"), {{1, 1, 1, 1e-5f}}), "");
}

TEST(Poles, AreNotAtALostEpsilonUnlessTheSumUnderflows) {
  constexpr std::string_view kNorm =
      "x: f32[4] = input\n"
      "epsilon: f32[1] = constant {1e-12}\n"
      "v = Mul(x, x)\n"
      "e = Add(v, epsilon)\n"
      "s = Sqrt(e)\n"
      "y = Reciprocal(s)\n"
      "return y\n";
  EXPECT_EQ(poles(kNorm, {{1, 2, 3, 4}}), "");
  EXPECT_EQ(poles(kNorm, {{0, 2, 3, 4}}), "Reciprocal 'y': e s y\n");  // though the root is 1e-6
}

TEST(Poles, AreDivisorsAndNegativePowersToo) {
  constexpr std::string_view kDivisions =
      "x: f32[4] = input\n"
      "one: f32[1] = constant {1}\n"
      "minus: f32[1] = constant {-0.5}\n"
      "two: f32[1] = constant {2}\n"
      "s = Mul(x, x)\n"
      "d = Div(one, s)\n"
      "n = Div(s, one)\n"
      "r = Reciprocal(s)\n"
      "q = Pow(s, minus)\n"
      "t = Pow(s, two)\n"
      "return d, n, r, q, t\n";
  EXPECT_EQ(poles(kDivisions, {{1, 1, 1, 1e-5f}}),
            "Div 'd': s d\nReciprocal 'r': s r\nPow 'q': s q\n");
}

TEST(Poles, LeaveOutFixedUnits) {
  Target target = target_of(kSpectrum);
  target.units[0].state = search::UnitState::Kept;
  EXPECT_EQ(poles(target, {{1, 1, 1, 1e-5f}}), "Log 'y': b p y\n");
}

}  // namespace
}  // namespace keel::engine
