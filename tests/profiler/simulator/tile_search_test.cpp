#include "profiler/simulator/tile_search.h"

#include <gtest/gtest.h>

#include "compiler/base/random.h"
#include "tests/profiler/simulator/chips.h"

namespace keel::simulator {
namespace {

TiledProduct product(std::int64_t count, std::int64_t m, std::int64_t n, std::int64_t k) {
  return {.count = count,
          .m = m,
          .n = n,
          .k = k,
          .row_bytes = 2 * static_cast<double>(k),
          .element_bytes = 2,
          .macs_per_cycle = 4096};
}

std::int64_t blocks(Rng& rng, std::int64_t most) {
  return 16 * (1 + static_cast<std::int64_t>(rng.uniform() * static_cast<double>(most / 16)));
}

double macs(const TiledProduct& product) {
  return static_cast<double>(product.count * product.m * product.n) *
         static_cast<double>(product.k);
}

TEST(TileSearch, TakesTilesThatTheMemoriesOfACoreHoldTwice) {
  Rng rng(11);
  ascend::Soc little_left = chip_910b2();
  little_left.l0a_bytes = 8 << 10;
  ascend::Soc little_right = chip_910b2();
  little_right.l0b_bytes = 8 << 10;
  ascend::Soc little_before = chip_910b2();
  little_before.l1_bytes = 16 << 10;
  for (const ascend::Soc& soc :
       {chip_910b2(), chip_310p3(), little_left, little_right, little_before})
    for (int i = 0; i < 500; ++i) {
      const TiledProduct asked =
          product(1 + i % 5, blocks(rng, 4096), blocks(rng, 4096), blocks(rng, 4096));
      const Tile tile = search_tiles(soc, asked).tile;
      EXPECT_GT(tile.m, 0);
      EXPECT_GT(tile.n, 0);
      EXPECT_LE(tile.m, asked.m);
      EXPECT_LE(tile.n, asked.n);
      EXPECT_LE(tile.m * tile.n * 4, soc.l0c_bytes) << "accumulators";
      EXPECT_LE(2 * tile.m * 32, soc.l0a_bytes);
      EXPECT_LE(2 * tile.n * 32, soc.l0b_bytes);
      EXPECT_LE(2 * (tile.m + tile.n) * 32, soc.l1_bytes);
    }
}

TEST(TileSearch, IsNeverFasterThanThePeakOfAllCores) {
  Rng rng(12);
  const ascend::Soc soc = chip_910b2();
  for (int i = 0; i < 500; ++i) {
    const TiledProduct asked =
        product(1 + i % 7, blocks(rng, 2048), blocks(rng, 2048), blocks(rng, 2048));
    const Dealt dealt = search_tiles(soc, asked);
    EXPECT_GE(dealt.cycles * (1 + 1e-12), macs(asked) / asked.macs_per_cycle / soc.cube_cores);
    EXPECT_GE(dealt.bytes * soc.cube_cores * (1 + 1e-12),
              static_cast<double>(asked.count * asked.k * 2) *
                  static_cast<double>(std::max(asked.m, asked.n)))
        << "the larger operand is read at least once";
  }
}

TEST(TileSearch, ALargeProductReadsLittleMoreThanItsOperandsPerTile) {
  const ascend::Soc soc = chip_910b2();
  const Dealt dealt = search_tiles(soc, product(1, 8192, 8192, 8192));
  EXPECT_GE(dealt.tile.m * dealt.tile.n, 128 * 256) << "the accumulator is full";
  EXPECT_LT(dealt.cycles, 1.1 * 8192.0 * 8192 * 8192 / 4096 / soc.cube_cores);
}

TEST(TileSearch, ASmallProductIsCutForAllCores) {
  const ascend::Soc soc = chip_910b2();
  const TiledProduct asked = product(1, 256, 256, 1024);
  const Tile tile = search_tiles(soc, asked).tile;
  EXPECT_LE(tile.m * tile.n, 256 * 256 / 8);
  ascend::Soc one = soc;
  one.cube_cores = 1;
  EXPECT_GT(search_tiles(one, asked).tile.m * search_tiles(one, asked).tile.n, tile.m * tile.n);
}

TEST(TileSearch, SeveralCoresSumTheLongKOfASmallResult) {
  const ascend::Soc soc = chip_910b2();
  const Dealt dealt = search_tiles(soc, product(1, 16, 16, 65536));
  EXPECT_GT(dealt.tile.splits, 1);
  EXPECT_EQ(search_tiles(soc, product(1, 16, 16, 64)).tile.splits, 1) << "too short to cut";
  ascend::Soc one = soc;
  one.cube_cores = 1;
  EXPECT_EQ(search_tiles(one, product(1, 16, 16, 65536)).tile.splits, 1) << "nobody to share with";
}

TEST(TileSearch, ReadsLessThanTilesThatForgetTheL2) {
  const ascend::Soc soc = chip_910b2();
  ascend::Soc free_reads = soc;
  free_reads.l2_bytes_per_cycle *= 1e6;
  Rng rng(13);
  double bytes = 0;
  double bytes_of_free = 0;
  for (int i = 0; i < 200; ++i) {
    const TiledProduct asked = product(1, blocks(rng, 4096), blocks(rng, 4096), blocks(rng, 512));
    bytes += search_tiles(soc, asked).bytes;
    bytes_of_free += search_tiles(free_reads, asked).bytes;
  }
  EXPECT_LT(bytes, 0.9 * bytes_of_free);
}

TEST(TileSearch, LoadingOperandBuffersBoundsThinProducts) {
  const ascend::Soc soc = chip_910b2();
  // 16 rows use a sixteenth of what 256 bytes a cycle of the right operand could feed.
  const TiledProduct thin = product(soc.cube_cores, 16, 256, 4096);
  EXPECT_DOUBLE_EQ(search_tiles(soc, thin).cycles, 256.0 * 4096 * 2 / 256);
}

}  // namespace
}  // namespace keel::simulator
