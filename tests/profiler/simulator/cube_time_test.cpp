#include "profiler/simulator/cube_time.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

constexpr double kFullPeak = 1;

double time_of(const ascend::Soc& soc, std::int64_t count, std::int64_t m, std::int64_t n,
               std::int64_t k, FloatFormat format = FloatFormat::F16) {
  return cube_us(soc, {.count = count, .m = m, .n = n, .channels = k}, format, kFullPeak);
}

Product product_in(std::string_view text, FloatFormat format = FloatFormat::F16) {
  const ir::Graph graph = graph_of(text);
  return product_of(graph, graph[graph.nodes().back()], format);
}

TEST(CubeTime, PadsMAndNToABlockOf16) {
  const ascend::Soc soc = chip_910b2();
  EXPECT_EQ(time_of(soc, 1, 1, 256, 256), time_of(soc, 1, 16, 256, 256));
  EXPECT_LT(time_of(soc, 1, 16, 256, 256), time_of(soc, 1, 17, 256, 256));
  EXPECT_EQ(time_of(soc, 1, 256, 1, 256), time_of(soc, 1, 256, 16, 256));
  EXPECT_LT(time_of(soc, 1, 256, 16, 256), time_of(soc, 1, 256, 17, 256));
}

TEST(CubeTime, PadsKTo32BytesOfTheComputeFormat) {
  const ascend::Soc soc = chip_910b2();
  EXPECT_EQ(time_of(soc, 1, 64, 64, 1), time_of(soc, 1, 64, 64, 16));
  EXPECT_LT(time_of(soc, 1, 64, 64, 16), time_of(soc, 1, 64, 64, 17));
  EXPECT_EQ(time_of(soc, 1, 64, 64, 1, FloatFormat::F32),
            time_of(soc, 1, 64, 64, 8, FloatFormat::F32));
  EXPECT_LT(time_of(soc, 1, 64, 64, 8, FloatFormat::F32),
            time_of(soc, 1, 64, 64, 9, FloatFormat::F32));
}

TEST(CubeTime, PadsTheChannelsOfAConvolutionAtEachWindowPosition) {
  const ascend::Soc soc = chip_910b2();
  const Product three{.m = 64, .n = 64, .channels = 3, .window = 9};
  const Product sixteen{.m = 64, .n = 64, .channels = 16, .window = 9};
  EXPECT_EQ(cube_us(soc, three, FloatFormat::F16, kFullPeak),
            cube_us(soc, sixteen, FloatFormat::F16, kFullPeak));
}

TEST(CubeTime, DealsTilesToCoresInWholeRounds) {
  const ascend::Soc soc = chip_910b2();
  EXPECT_EQ(time_of(soc, 1, 16, 16, 64), time_of(soc, soc.cube_cores, 16, 16, 64))
      << "a block is not cut";
  EXPECT_LT(time_of(soc, soc.cube_cores, 64, 64, 64), time_of(soc, soc.cube_cores + 1, 64, 64, 64));
}

TEST(CubeTime, TilesMustFitTheAccumulator) {
  ascend::Soc soc = chip_910b2();
  const double small = time_of(soc, soc.cube_cores, 208, 208, 64);
  soc.l0c_bytes *= 2;
  EXPECT_LT(time_of(soc, soc.cube_cores, 208, 208, 64), small);
}

TEST(CubeTime, NamesTheTileItTakes) {
  const ascend::Soc soc = chip_910b2();
  const auto tile = [&](std::int64_t count, std::int64_t m, std::int64_t n) {
    const Tile taken =
        cube_cycles(soc, {.count = count, .m = m, .n = n, .channels = 64}, FloatFormat::F16).tile;
    return std::pair(taken.m, taken.n);
  };
  EXPECT_EQ(tile(1, 40, 20), std::pair(std::int64_t{16}, std::int64_t{16})) << "6 cores share it";
  EXPECT_EQ(tile(24, 40, 20), std::pair(std::int64_t{48}, std::int64_t{32})) << "all of it, padded";
  // 24 cores: 4 x 6 tiles of 128 x 128 are one round, 2 x 6 of 256 x 128 leave half of them idle.
  EXPECT_EQ(tile(1, 512, 768), std::pair(std::int64_t{128}, std::int64_t{128}));
  EXPECT_EQ(tile(1, 0, 64), std::pair(std::int64_t{0}, std::int64_t{0}));
}

// A long row of tiles hides what a short one shows: loading the first and storing the last.
TEST(CubeTime, EfficiencySaturatesWithTilesPerCore) {
  const ascend::Soc soc = chip_910b2();
  const double one_round = time_of(soc, 24, 128, 256, 1024);
  const double hundred_rounds = time_of(soc, 2400, 128, 256, 1024);
  EXPECT_LT(hundred_rounds, 0.6 * 100 * one_round);
  const double peak_us = 2400.0 * 128 * 256 * 1024 / (24 * 4096.0 * 1800);
  EXPECT_NEAR(hundred_rounds / peak_us, 1, 0.01);
}

TEST(CubeTime, RatesFollowTheComputeFormat) {
  const ascend::Soc soc = chip_910b2();
  const double f16 = time_of(soc, 1, 512, 512, 512, FloatFormat::F16);
  EXPECT_DOUBLE_EQ(time_of(soc, 1, 512, 512, 512, FloatFormat::BF16), f16);
  EXPECT_DOUBLE_EQ(time_of(soc, 1, 512, 512, 512, FloatFormat::HF32), 2 * f16);
  EXPECT_DOUBLE_EQ(time_of(soc, 1, 512, 512, 512, FloatFormat::F32), 4 * f16);
}

TEST(CubeTime, ACubeWithoutAFormatComputesInFp16) {
  const ascend::Soc with = chip_910b2(), without = chip_310p3();
  for (const FloatFormat format :
       {FloatFormat::F32, FloatFormat::F16, FloatFormat::BF16, FloatFormat::HF32}) {
    EXPECT_EQ(cube_format(with, format), format);
    EXPECT_EQ(cube_format(without, format), FloatFormat::F16);
  }
}

TEST(CubeTime, AnEmptyProductTakesNoTime) {
  const ascend::Soc soc = chip_910b2();
  EXPECT_EQ(time_of(soc, 1, 0, 64, 64), 0);
  EXPECT_EQ(time_of(soc, 0, 64, 64, 64), 0);
}

TEST(CubeProduct, ConvolutionIsOutputPositionsByOutputChannels) {
  EXPECT_EQ(
      product_in("x: f16[2,64,56,56] = input\n"
                 "w: f16[128,64,3,3] = constant splat(1)\n"
                 "y = Conv(x, w) strides=[2,2] pads=[1,1,1,1]\n"
                 "return y\n"),
      (Product{.count = 2, .m = 28 * 28, .n = 128, .channels = 64, .window = 9, .positions = 4}))
      << "a row of results needs 2 x 2 new positions of x";
}

TEST(CubeTime, AResultThatNeedsMorePositionsReadsMore) {
  const ascend::Soc soc = chip_910b2();
  Product product{.m = 28 * 28, .n = 128, .channels = 64, .window = 9};
  const double once = cube_cycles(soc, product, FloatFormat::F16).bytes;
  product.positions = 4;
  EXPECT_GT(cube_cycles(soc, product, FloatFormat::F16).bytes, 1.5 * once);
}

TEST(CubeProduct, GroupsMergeUntilTheyFillABlock) {
  EXPECT_EQ(product_in("x: f16[1,32,56,56] = input\n"
                       "w: f16[32,1,3,3] = constant splat(1)\n"
                       "y = Conv(x, w) group=32 pads=[1,1,1,1]\n"
                       "return y\n"),
            (Product{.count = 2, .m = 56 * 56, .n = 16, .channels = 16, .window = 9}));
  EXPECT_EQ(product_in("x: f16[1,64,8,8] = input\n"
                       "w: f16[64,32,1,1] = constant splat(1)\n"
                       "y = Conv(x, w) group=2\n"
                       "return y\n"),
            (Product{.count = 2, .m = 64, .n = 32, .channels = 32, .window = 1}));
}

TEST(CubeProduct, ATransposedConvolutionIsThatOfItsConvolution) {
  // From y [2,128,56,56] to x [2,64,28,28].
  EXPECT_EQ(product_in("x: f16[2,64,28,28] = input\n"
                       "w: f16[64,128,2,2] = constant splat(1)\n"
                       "y = ConvTranspose(x, w) strides=[2,2]\n"
                       "return y\n"),
            product_in("x: f16[2,128,56,56] = input\n"
                       "w: f16[64,128,2,2] = constant splat(1)\n"
                       "y = Conv(x, w) strides=[2,2]\n"
                       "return y\n"));
  EXPECT_EQ(product_in("x: f16[1,32,28,28] = input\n"
                       "w: f16[32,1,3,3] = constant splat(1)\n"
                       "y = ConvTranspose(x, w) group=32\n"
                       "return y\n"),
            (Product{.count = 2,
                     .m = 28 * 28,
                     .n = 16,
                     .channels = 16,
                     .window = 9,
                     .positions = 30.0 * 30 / (28 * 28)}));
}

TEST(CubeProduct, ABatchThatMeetsOneMatrixIsFoldedIntoM) {
  EXPECT_EQ(product_in("a: f16[4,8,100,64] = input\n"
                       "b: f16[64,32] = input\n"
                       "y = MatMul(a, b)\n"
                       "return y\n"),
            (Product{.count = 1, .m = 3200, .n = 32, .channels = 64}));
  EXPECT_EQ(product_in("a: f16[4,1,100,64] = input\n"
                       "b: f16[8,64,32] = input\n"
                       "y = MatMul(a, b)\n"
                       "return y\n"),
            (Product{.count = 32, .m = 100, .n = 32, .channels = 64}));
}

TEST(CubeProduct, GemmReadsKFromTheTransposedOperand) {
  EXPECT_EQ(product_in("a: f16[64,10] = input\n"
                       "b: f16[20,64] = input\n"
                       "y = Gemm(a, b) trans_a=true trans_b=true\n"
                       "return y\n"),
            (Product{.count = 1, .m = 10, .n = 20, .channels = 64}));
}

}  // namespace
}  // namespace keel::simulator
