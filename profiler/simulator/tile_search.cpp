#include "profiler/simulator/tile_search.h"

#include <algorithm>
#include <array>
#include <limits>

#include "profiler/simulator/blocks.h"

namespace keel::simulator {
namespace {

constexpr std::array<std::int64_t, 11> kRows = {16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024};
constexpr std::array<std::int64_t, 7> kColumns = {16, 32, 64, 128, 256, 512, 1024};
constexpr std::array<std::int64_t, 5> kSplits = {1, 2, 4, 8, 16};

constexpr std::int64_t kAccumulatorBytes = 4;  // fp32 or int32 in L0C (platform_config mmad)
constexpr std::int64_t kBuffers = 2;           // one is filled while the other is read
constexpr std::int64_t kBlockBytes = 32;       // of k, the least that is multiplied at once
constexpr double kLeftBytesPerCycle = 512;     // L1 to L0A
constexpr double kRightBytesPerCycle = 256;    // L1 to L0B

// Share of its rate that the search expects of the L2, and cycles before a tile starts. The
// search only ranks tiles by them; the time of the chosen one comes from fitted parameters.
constexpr double kL2Share = 0.75;
constexpr double kStartCycles = 100;

bool fits(const ascend::Soc& soc, const TiledProduct& product, std::int64_t m, std::int64_t n) {
  const std::int64_t block_bytes = std::max<std::int64_t>(kBlockBytes, product.element_bytes);
  return m * n * kAccumulatorBytes <= soc.l0c_bytes &&
         m * block_bytes * kBuffers <= soc.l0a_bytes &&
         n * block_bytes * kBuffers <= soc.l0b_bytes &&
         (m + n) * block_bytes * kBuffers <= soc.l1_bytes;
}

}  // namespace

Dealt search_tiles(const ascend::Soc& soc, const TiledProduct& product) {
  Dealt best;
  double shortest = std::numeric_limits<double>::infinity();
  const auto consider = [&](std::int64_t m, std::int64_t n, std::int64_t splits) {
    const std::int64_t tiles =
        product.count * divide_up(product.m, m) * divide_up(product.n, n) * splits;
    const auto rounds = static_cast<double>(divide_up(tiles, soc.cube_cores));
    const auto rows = static_cast<double>(m), columns = static_cast<double>(n);
    const double k = static_cast<double>(product.k) / static_cast<double>(splits);
    const auto element_bytes = static_cast<double>(product.element_bytes);
    const double busy = std::max({rows * columns * k / product.macs_per_cycle,
                                  rows * k * element_bytes / kLeftBytesPerCycle,
                                  columns * k * element_bytes / kRightBytesPerCycle});
    const double read =
        rows * product.row_bytes / static_cast<double>(splits) + columns * k * element_bytes;
    const double written =
        rows * columns * (splits > 1 ? static_cast<double>(kAccumulatorBytes) : element_bytes);
    const double cycles =
        rounds *
        (std::max(busy, (read + written) / soc.l2_bytes_per_cycle / kL2Share) + kStartCycles);
    if (cycles >= shortest) return;
    shortest = cycles;
    best = {{m, n, splits}, rounds * busy, rounds * read};
  };
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (i > 0 && kRows[i - 1] >= product.m) break;
    const std::int64_t m = std::min(kRows[i], product.m);
    for (std::size_t j = 0; j < kColumns.size(); ++j) {
      if (j > 0 && kColumns[j - 1] >= product.n) break;
      const std::int64_t n = std::min(kColumns[j], product.n);
      if (!fits(soc, product, m, n)) continue;
      for (const std::int64_t splits : kSplits)
        if (splits == 1 || product.k >= splits * kBlockBytes * kBlockBytes) consider(m, n, splits);
    }
  }
  return best;
}

}  // namespace keel::simulator
