#include "tuner/engine/cost_terms.h"

#include <gtest/gtest.h>

#include <cmath>

#include "profiler/simulator/timing.h"
#include "tests/tuner/engine/target_fixture.h"
#include "tuner/engine/formats.h"

namespace keel::engine {
namespace {

// Large enough that casts and memory count beside launches; no two neighbours merge into a unit.
constexpr std::string_view kGraph =
    "x: f32[256,1024] = input\n"
    "w: f32[1024,1024] = constant random(1)\n"
    "a = MatMul(x, w)\n"
    "b = Softmax(a)\n"
    "c = MatMul(b, w)\n"
    "d = Softmax(c)\n"
    "return d, b\n";

double compiled_us(const Target& target, const search::Assignment& x) {
  const program::Program program = must(target.prepared.compile(target.precisions(x)));
  double total_us = 0;
  for (const program::Kernel& kernel : program.kernels)
    total_us += simulator::predict(target.soc, program.graph, kernel).total_us;
  return total_us;
}

TEST(CostTerms, PredictEveryAssignmentAsTheCompiledProgramTakes) {
  const Target target = target_of(kGraph);
  const std::size_t units = target.units.size();
  ASSERT_EQ(units, 4u);
  const search::Space space = must(make_space(target, std::vector<bool>(units), {}));
  for (unsigned bits = 0; bits < 1U << units; ++bits) {
    search::Assignment x(units);
    for (std::size_t u = 0; u < units; ++u) x[u] = static_cast<std::uint8_t>(bits >> u & 1U);
    const double compiled = compiled_us(target, x);
    // Not closer, since what a cast adds to the kernel it joins depends on what bounds that kernel.
    EXPECT_NEAR(search::predicted_latency_us(space, x), compiled, 0.03 * compiled) << bits;
  }
}

TEST(CostTerms, PredictEveryFormatOfKeptProducts) {
  Target target = target_of(kGraph);
  target.format = Format::Hf32;
  add_hf32(target);
  const std::size_t units = target.units.size();
  ASSERT_EQ(units, 6u);
  const search::Space space = must(make_space(target, std::vector<bool>(units), {}));
  int realised = 0;
  for (unsigned bits = 0; bits < 1U << units; ++bits) {
    search::Assignment x(units);
    for (std::size_t u = 0; u < units; ++u) x[u] = static_cast<std::uint8_t>(bits >> u & 1U);
    if (!is_realised(space, x)) continue;
    ++realised;
    const double compiled = compiled_us(target, x);
    EXPECT_NEAR(search::predicted_latency_us(space, x), compiled, 0.03 * compiled) << bits;
  }
  EXPECT_EQ(realised, 36);
  search::Assignment in_hf32 = target.uniform(0);
  in_hf32[4] = in_hf32[5] = 1;
  EXPECT_LT(compiled_us(target, in_hf32), 0.9 * compiled_us(target, target.uniform(0)));
}

// Casts between bf16 and fp32 have no term: bf16 is for what has fp16 beside it.
TEST(CostTerms, PredictBf16BetweenLoweredUnits) {
  Target target = target_of(kGraph);
  target.format = Format::Bf16;
  add_bf16(target, {false, true, true, false});
  ASSERT_EQ(target.units.size(), 6u);
  const search::Space space = must(make_space(target, std::vector<bool>(6), {}));
  for (const search::Assignment& x :
       {search::Assignment{1, 0, 1, 1, 1, 1}, {1, 1, 0, 1, 1, 1}, {1, 0, 0, 1, 1, 1}}) {
    const double compiled = compiled_us(target, x);
    EXPECT_NEAR(search::predicted_latency_us(space, x), compiled, 0.05 * compiled)
        << int{x[1]} << int{x[2]};
    search::Assignment in_fp32 = x;
    for (const std::size_t u : {1u, 2u}) in_fp32[u + 3] = x[u];
    EXPECT_LT(search::predicted_latency_us(space, x), search::predicted_latency_us(space, in_fp32));
  }
}

// Chains, a fork and a pattern behind products: several units run in one kernel.
constexpr std::string_view kMerging =
    "x: f32[256,512] = input\n"
    "w: f32[512,512] = constant random(1)\n"
    "a = MatMul(x, w)\n"
    "b = Tanh(a)\n"
    "c = Exp(b)\n"
    "d = Mul(c, c)\n"
    "e = Softmax(d)\n"
    "f = Sqrt(e)\n"
    "g = Add(f, e)\n"
    "h = Abs(g)\n"
    "i = MatMul(h, w)\n"
    "j = Sigmoid(i)\n"
    "k = Mul(i, j)\n"
    "return k\n";

class CostTermsOf : public testing::TestWithParam<const char*> {};

TEST_P(CostTermsOf, AreExactWhereAllUnitsAgreeButForTheCastsAtTheEnds) {
  const Target target = target_of(kMerging, ascend::PrecisionMode::ForceFp16, GetParam());
  const std::size_t units = target.units.size();
  const search::Space space = must(make_space(target, std::vector<bool>(units), {}));
  EXPECT_GT(space.adjacent.size(), 2u);
  const double kept = compiled_us(target, target.uniform(0));
  EXPECT_NEAR(search::predicted_latency_us(space, target.uniform(0)), kept, 1e-9 * kept);
  const double lowered = compiled_us(target, target.uniform(1));
  EXPECT_NEAR(search::predicted_latency_us(space, target.uniform(1)), lowered, 0.03 * lowered);
}

TEST_P(CostTermsOf, AreNearTheCompiledProgramWhereUnitsShareKernels) {
  const Target target = target_of(kMerging, ascend::PrecisionMode::ForceFp16, GetParam());
  const std::size_t units = target.units.size();
  const search::Space space = must(make_space(target, std::vector<bool>(units), {}));
  ASSERT_LE(units, 13u);
  double sum = 0;
  for (unsigned bits = 0; bits < 1U << units; ++bits) {
    search::Assignment x(units);
    for (std::size_t u = 0; u < units; ++u) x[u] = static_cast<std::uint8_t>(bits >> u & 1U);
    sum += std::abs(search::predicted_latency_us(space, x) / compiled_us(target, x) - 1);
  }
  // Launches of a few microseconds are most of it: a kernel more or less counts.
  EXPECT_LE(sum / static_cast<double>(1U << units), 0.07);
}

INSTANTIATE_TEST_SUITE_P(Chips, CostTermsOf, testing::Values("Ascend910B3", "Ascend310P3"));

TEST(CostTerms, HandSuspectsAndPolesToTheSearch) {
  const Target target = target_of(kGraph);
  const search::Space space =
      must(make_space(target, {false, true, false, false}, {{"Log 'y'", {{1, 3}, true}}}));
  EXPECT_TRUE(space.units[1].suspect);
  EXPECT_FALSE(space.units[0].suspect);
  ASSERT_EQ(space.poles.size(), 1u);
  EXPECT_EQ(space.poles[0].units, (std::vector<search::UnitIndex>{1, 3}));
  EXPECT_TRUE(space.poles[0].floor_is_lost);
}

}  // namespace
}  // namespace keel::engine
