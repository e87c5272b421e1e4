#pragma once

#include <cstdint>

#include "compiler/ascend/soc.h"

namespace keel::simulator {

/// Part of a result that a core computes at once, in elements.
struct Tile {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t splits = 1;  ///< parts of k that different cores sum
};

/// Equal products of blocks, extents padded to whole blocks and at least one of each.
struct TiledProduct {
  std::int64_t count = 1;
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  double row_bytes = 0;  ///< of the left operand, that one row of the result needs
  std::int64_t element_bytes = 2;
  double macs_per_cycle = 0;  ///< of one core
};

/// What a choice of tile asks of the core that gets most of them.
struct Dealt {
  Tile tile;
  double cycles = 0;  ///< of cube and operand buffers, which work at once
  double bytes = 0;   ///< of operands, read from the L2
};

/// The tile with the shortest time of all that the core's memories hold. Tiles are dealt to the
/// cores in whole rounds; a tile takes as long as the slowest of multiplying, loading the operand
/// buffers and reading what the L2 hands over, with the next tile's operands on their way. Small
/// tiles keep all cores busy, large ones read less.
///
/// \par Source  L0 and L1 capacities and rates of the vendor's platform_config (configs/soc);
///     512 and 256 bytes a cycle from L1 to L0A and L0B are the same on every chip there is
Dealt search_tiles(const ascend::Soc& soc, const TiledProduct& product);

}  // namespace keel::simulator
