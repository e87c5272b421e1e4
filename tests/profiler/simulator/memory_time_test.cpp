#include "profiler/simulator/memory_time.h"

#include <gtest/gtest.h>

#include "profiler/simulator/timing.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

std::int64_t bytes_in(const program::Program& program) {
  return bytes_moved(program.graph, program.kernels.front());
}

TEST(MemoryTime, CountsBytesInTheDtypesOfTheNpu) {
  EXPECT_EQ(bytes_in(program_of("x: f16[1000] = input\ny: f32[1000] = Cast(x) to=f32\nreturn y\n")),
            2000 + 4000);
}

TEST(MemoryTime, CountsWeights) {
  EXPECT_EQ(bytes_in(program_of("x: f16[10,64] = input\n"
                                "w: f16[64,32] = constant splat(1)\n"
                                "y = MatMul(x, w)\n"
                                "return y\n")),
            2 * (10 * 64 + 64 * 32 + 10 * 32));
}

TEST(MemoryTime, ATensorReadTwiceIsMovedOnce) {
  EXPECT_EQ(bytes_in(program_of("x: f16[1000] = input\ny = Mul(x, x)\nreturn y\n")), 4000);
}

TEST(MemoryTime, TensorsInsideAKernelAreNotMoved) {
  EXPECT_EQ(bytes_in(fused_program_of("x: f16[1000] = input\na = Relu(x)\nb = Neg(a)\nreturn b\n")),
            4000);
}

TEST(MemoryTime, AGatherReadsWhatItPicks) {
  EXPECT_EQ(bytes_in(program_of("table: f16[30000,64] = input\n"
                                "rows: i32[10] = input\n"
                                "y = Gather(table, rows)\n"
                                "return y\n")),
            2 * (2 * 10 * 64) + 4 * 10);
}

TEST(MemoryTime, ATensorThatIsAlsoReadInFullIsMovedInFull) {
  EXPECT_EQ(bytes_in(fused_program_of("x: f16[1000,64] = input\n"
                                      "rows: i32[1] = input\n"
                                      "row = Gather(x, rows)\n"
                                      "y = Add(x, row)\n"
                                      "return y\n")),
            2 * (2 * 1000 * 64) + 4);
}

TEST(MemoryTime, WhatTheL2HoldsMovesAtItsBandwidthAndTheRestSlower) {
  ascend::Soc soc = chip_910b2();
  soc.l2_bytes = 1'000'000;
  soc.memory_gbs = 100;
  soc.timing.memory_efficiency = 0.5;
  soc.cube_cores = 2;
  soc.cube_mhz = 1000;
  soc.l2_bytes_per_cycle = 200;  // 400 GB/s
  EXPECT_DOUBLE_EQ(cached_transfer_us(soc, 1'000'000, 0.5), 5);
  EXPECT_EQ(far_bytes(soc, 1'000'000, 0), 0);
  EXPECT_DOUBLE_EQ(far_transfer_us(soc, far_bytes(soc, 1'500'000, 0)), 10);
}

TEST(MemoryTime, WeightsThatTheL2LostComeFromAfarWhateverItsSize) {
  ascend::Soc soc = chip_910b2();
  soc.l2_bytes = 1000;
  soc.timing.l2_share = 0.5;
  EXPECT_EQ(far_bytes(soc, 400, 300), 0);
  EXPECT_EQ(far_bytes(soc, 600, 300), 100);
  soc.timing.cold_weights = 1;
  EXPECT_EQ(far_bytes(soc, 400, 300), 300);
  EXPECT_EQ(far_bytes(soc, 900, 300), 300 + 100);
}

// Published: sigmoid of 8192 x 8192 takes 142 us in fp16 and 360 us in fp32 on 910B2, because
// only the former nearly fits the L2.
TEST(MemoryTime, ReproducesTheFallOutOfTheL2On910B2) {
  const ascend::Soc soc = chip_910b2();
  const auto us = [&](const std::string& dtype) {
    return predict(soc,
                   program_of("x: " + dtype + "[8192,8192] = input\ny = Sigmoid(x)\nreturn y\n"))
        .kernels[0]
        .memory_us;
  };
  EXPECT_NEAR(us("f16"), 142 - soc.timing.vector_launch_us, 7);
  EXPECT_NEAR(us("f32"), 360 - soc.timing.vector_launch_us, 10);
}

}  // namespace
}  // namespace keel::simulator
