#include "profiler/simulator/recurrent_time.h"

#include <gtest/gtest.h>

#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/timing.h"
#include "profiler/simulator/vector_time.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

constexpr std::int64_t kSteps = 100, kInputs = 64, kHidden = 128;

RecurrentTime time_of(const std::string& op, std::int64_t gates,
                      const std::string& attributes = "") {
  const std::string rows = std::to_string(gates * kHidden);
  const ir::Graph graph =
      graph_of("x: f16[100,1,64] = input\nw: f16[1," + rows + ",64] = input\nr: f16[1," + rows +
               ",128] = input\ny = " + op + "(x, w, r) compute=f16 " + attributes + "\nreturn y\n");
  return recurrent_time(chip_910b2(), graph, graph[graph.nodes().back()]);
}

double product_us(std::int64_t m, std::int64_t n, std::int64_t k) {
  const ascend::Soc soc = chip_910b2();
  return cube_us(soc, {.count = 1, .m = m, .n = n, .channels = k}, FloatFormat::F16,
                 soc.timing.cube_efficiency);
}

double vector_us(const ir::Op& op) {
  return static_cast<double>(kSteps) *
         elements_us(chip_910b2(), kHidden, DType::F16, vector_cycles(op));
}

TEST(RecurrentTime, AGruMultipliesTwoGatesThenOneThatWaitsForTheReset) {
  EXPECT_DOUBLE_EQ(time_of("GRU", 3).cube_us, product_us(kSteps, 3 * kHidden, kInputs) +
                                                  kSteps * (product_us(1, 2 * kHidden, kHidden) +
                                                            product_us(1, kHidden, kHidden)));
  EXPECT_DOUBLE_EQ(
      time_of("GRU", 3, "linear_before_reset=true").cube_us,
      product_us(kSteps, 3 * kHidden, kInputs) + kSteps * product_us(1, 3 * kHidden, kHidden));
}

TEST(RecurrentTime, AnRnnIsOneGateAndItsActivation) {
  const RecurrentTime time = time_of("RNN", 1);
  EXPECT_DOUBLE_EQ(time.cube_us,
                   product_us(kSteps, kHidden, kInputs) + kSteps * product_us(1, kHidden, kHidden));
  EXPECT_DOUBLE_EQ(time.vector_us, vector_us(ir::Unary{ir::UnaryKind::Tanh}));
  EXPECT_DOUBLE_EQ(time_of("RNN", 1, "activation=Relu").vector_us,
                   vector_us(ir::Unary{ir::UnaryKind::Relu}));
  EXPECT_DOUBLE_EQ(time_of("RNN", 1, "clip=3").vector_us,
                   vector_us(ir::Unary{ir::UnaryKind::Tanh}) + vector_us(ir::Clip{}));
}

TEST(RecurrentTime, GrowsWithTheStepsOfTheVectorUnit) {
  EXPECT_LT(time_of("RNN", 1).vector_us, time_of("GRU", 3).vector_us);
  EXPECT_LT(time_of("GRU", 3).vector_us, time_of("LSTM", 4).vector_us);
  EXPECT_LT(time_of("GRU", 3).vector_us, time_of("GRU", 3, "linear_before_reset=true").vector_us);
}

TEST(RecurrentTime, CubeAndVectorUnitTakeTurns) {
  for (const std::string op : {"GRU", "RNN"}) {
    const std::string rows = op == "GRU" ? "384" : "128";
    const program::Program program =
        program_of("x: f16[100,1,64] = input\nw: f16[1," + rows + ",64] = input\nr: f16[1," + rows +
                   ",128] = input\ny = " + op + "(x, w, r) compute=f16\nreturn y\n");
    ASSERT_EQ(program.kernels.size(), 1u);
    EXPECT_EQ(program.kernels[0].kind, program::KernelClass::Recurrent);
    const KernelTime time = predict(chip_910b2(), program).kernels[0];
    EXPECT_DOUBLE_EQ(time.total_us, time.launch_us + time.cube_us + time.vector_us);
  }
}

}  // namespace
}  // namespace keel::simulator
