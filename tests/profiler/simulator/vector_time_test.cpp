#include "profiler/simulator/vector_time.h"

#include <gtest/gtest.h>

#include <string>

#include "profiler/simulator/vector_cycles.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

// One core at one cycle a microsecond, so that times read as cycles.
ascend::Soc one_core() {
  ascend::Soc soc = chip_910b2();
  soc.vector_cores = 1;
  soc.vector_mhz = 1;
  soc.timing.vector_efficiency = 1;
  return soc;
}

constexpr double kStartup = 27;

double cycles_of(const std::string& text, const ascend::Soc& soc = one_core()) {
  const ir::Graph graph = graph_of(text);
  return vector_us(soc, graph, graph[graph.nodes().back()]);
}

double unary(std::string_view op, std::string_view type) {
  return cycles_of("x: " + std::string(type) + " = input\ny = " + std::string(op) +
                   "(x)\nreturn y\n");
}

double binary(std::string_view op, std::string_view type) {
  return cycles_of("a: " + std::string(type) + " = input\nb: " + std::string(type) +
                   " = input\ny = " + std::string(op) + "(a, b)\nreturn y\n");
}

TEST(VectorTime, CountsCyclesOf256Bytes) {
  EXPECT_DOUBLE_EQ(unary("Relu", "f32[640]"), 10 + kStartup);
  EXPECT_DOUBLE_EQ(unary("Relu", "f32[641]"), 11 + kStartup);
  EXPECT_DOUBLE_EQ(binary("Add", "f32[640]"), 2 * 10 + kStartup);
}

TEST(VectorTime, AConstantOfOneElementIsAScalarOperand) {
  const auto with = [](std::string_view op, std::string_view operand) {
    return cycles_of("x: f32[10,64] = input\nb: f32" + std::string(operand) +
                     "\ny = " + std::string(op) + "(x, b)\nreturn y\n");
  };
  for (const std::string_view op : {"Add", "Sub", "Mul", "Div", "Max", "Min"}) {
    EXPECT_DOUBLE_EQ(with(op, "[] = constant splat(2)"), 10 + kStartup) << op;
    EXPECT_GE(with(op, "[64] = constant splat(2)"), 20 + kStartup) << op;
    EXPECT_GE(with(op, "[1] = input"), 20 + kStartup) << op;
  }
  EXPECT_DOUBLE_EQ(with("Pow", "[] = constant splat(2)"), 140 + kStartup);
}

// Published: gelu of 8192 x 8192 in fp16 takes 232.6 us on 910B2. The cost of Erf was chosen for
// it, at 0.85 of the vector peak, which sigmoid reaches there.
TEST(VectorTime, ReproducesThePublishedGelu) {
  const ir::Graph graph = graph_of(
      "x: f16[8192,8192] = input\nroot2: f16[] = constant splat(1.4140625)\n"
      "one: f16[] = constant splat(1)\nhalf: f16[] = constant splat(0.5)\n"
      "a = Div(x, root2)\nb = Erf(a)\nc = Add(b, one)\nd = Mul(x, c)\ny = Mul(d, half)\n"
      "return y\n");
  double us = 0;
  for (const ir::NodeId node : graph.nodes()) us += vector_us(chip_910b2(), graph, graph[node]);
  EXPECT_NEAR(us, 232.6, 25);
}

TEST(VectorTime, StartsAnInstructionForEach255Repeats) {
  EXPECT_DOUBLE_EQ(unary("Relu", "f32[16320]"), 255 + kStartup);
  EXPECT_DOUBLE_EQ(unary("Relu", "f32[16384]"), 256 + 2 * kStartup);
}

TEST(VectorTime, DealsWholeRepeatsToTheCores) {
  ascend::Soc soc = one_core();
  soc.vector_cores = 4;
  const auto relu = [&](std::string_view type) {
    return cycles_of("x: " + std::string(type) + " = input\ny = Relu(x)\nreturn y\n", soc);
  };
  EXPECT_DOUBLE_EQ(relu("f32[2560]"), 10 + kStartup);
  EXPECT_DOUBLE_EQ(relu("f32[2561]"), 11 + kStartup);
}

TEST(VectorTime, ScalesWithClockWidthAndEfficiency) {
  ascend::Soc soc = one_core();
  soc.vector_mhz = 1000;
  soc.vector_bytes_per_cycle = 128;
  soc.timing.vector_efficiency = 0.5;
  EXPECT_DOUBLE_EQ(cycles_of("x: f32[640] = input\ny = Relu(x)\nreturn y\n", soc),
                   (2 * 10 + kStartup) / 1000 / 0.5);
}

TEST(VectorTime, Fp16HalvesAdditionsAndGainsNothingOnExponentials) {
  EXPECT_DOUBLE_EQ(binary("Add", "f16[1280]"), 2 * 10 + kStartup);
  EXPECT_DOUBLE_EQ(unary("Exp", "f32[1280]"), 2 * 20 + kStartup);
  EXPECT_DOUBLE_EQ(unary("Exp", "f16[1280]"), unary("Exp", "f32[1280]"));
}

TEST(VectorTime, SumsAreDearerInFp16) {
  const auto sum = [](std::string_view type) {
    return cycles_of("x: " + std::string(type) + " = input\ny = ReduceSum(x)\nreturn y\n");
  };
  EXPECT_DOUBLE_EQ(sum("f32[1280]"), 3 * 20 + kStartup);
  EXPECT_DOUBLE_EQ(sum("f16[1280]"), 7 * 10 + kStartup);
}

TEST(VectorTime, Fp16OfAnOperatorWithInternalFp32PaysTwoCasts) {
  EXPECT_DOUBLE_EQ(unary("Sigmoid", "f32[1280]"), 8 * 20 + kStartup);
  EXPECT_DOUBLE_EQ(unary("Sigmoid", "f16[1280]"), (8 + 2) * 20 + kStartup);
}

TEST(VectorTime, Bf16IsWidenedToFp32) {
  EXPECT_DOUBLE_EQ(unary("Relu", "bf16[1280]"), (1 + 2) * 20 + kStartup);
}

TEST(VectorTime, SixtyFourBitIntegersAreScalar) {
  EXPECT_DOUBLE_EQ(binary("Max", "i64[1000]"), 4 * 1000);
}

TEST(VectorTime, APredicateComputesInTheDtypeOfItsOperands) {
  EXPECT_DOUBLE_EQ(binary("Greater", "f32[1280]"), 4 * 20 + kStartup);
  EXPECT_DOUBLE_EQ(binary("Greater", "f16[1280]"), 4 * 10 + kStartup);
}

TEST(VectorTime, PoolingPassesOverEachWindow) {
  EXPECT_DOUBLE_EQ(cycles_of("x: f32[1,64,6,6] = input\n"
                             "y = MaxPool(x) kernel=[3,3] strides=[3,3]\n"
                             "return y\n"),
                   2 * 9 * 4 + kStartup);
  EXPECT_DOUBLE_EQ(cycles_of("x: f32[1,64,6,6] = input\ny = GlobalAveragePool(x)\nreturn y\n"),
                   2 * 36 + kStartup);
}

TEST(VectorTime, ACastPassesOverTheWiderDtype) {
  EXPECT_DOUBLE_EQ(cast_vector_us(one_core(), 1280, DType::F32, DType::F16), 20 + kStartup);
  EXPECT_DOUBLE_EQ(cast_vector_us(one_core(), 1280, DType::F16, DType::F32), 20 + kStartup);
}

TEST(VectorTime, MovingElementsIsNotVectorWork) { EXPECT_EQ(unary("Transpose", "f32[64,64]"), 0); }

template <class Op, class Kind>
void expect_a_cost(std::size_t kinds) {
  for (std::size_t i = 0; i < kinds; ++i) {
    Op op;
    op.kind = static_cast<Kind>(i);
    const VectorCycles cycles = vector_cycles(op);
    EXPECT_GT(cycles.f32, 0) << ir::name(op);
    EXPECT_TRUE(cycles.internal_f32 || cycles.f16 >= cycles.f32) << ir::name(op);
  }
}

TEST(VectorCycles, EveryKindOfAFamilyHasACost) {
  expect_a_cost<ir::Unary, ir::UnaryKind>(ir::kUnaryNames.size());
  expect_a_cost<ir::Binary, ir::BinaryKind>(ir::kBinaryNames.size());
  expect_a_cost<ir::Reduce, ir::ReduceKind>(ir::kReduceNames.size());
  expect_a_cost<ir::Pool, ir::PoolKind>(ir::kPoolNames.size());
}

}  // namespace
}  // namespace keel::simulator
