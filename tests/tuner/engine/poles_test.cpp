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
    for (const search::UnitIndex unit : pole.units) text += " " + first[unit];
    text += "\n";
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

TEST(Poles, EndWhereAConstantHoldsTheValuesAboveZero) {
  constexpr std::string_view kFloored =
      "x: f32[4] = input\n"
      "floor: f32[1] = constant {1e-10}\n"
      "a = Mul(x, x)\n"
      "m = Max(a, floor)\n"
      "y = Log(m)\n"
      "return y\n";
  EXPECT_EQ(poles(kFloored, {{1, 1, 1, 0}}), "Log 'y': m y\n");
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
