#pragma once

#include <cstdint>

#include "compiler/ascend/soc.h"
#include "compiler/base/rounding.h"
#include "compiler/ir/graph.h"
#include "profiler/simulator/tile_search.h"

namespace keel::simulator {

/// Equal matrix products [m, k] x [k, n], as the cube unit sees one operator.
///
/// The inner extent k is `channels` repeated `window` times: a convolution pads its channels at
/// each position of its window, a plain product pads k as a whole (window 1).
struct Product {
  std::int64_t count = 1;  ///< batch, images, groups
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t channels = 0;
  std::int64_t window = 1;
  double positions = 1;  ///< input positions behind each output position: 4 of a stride of 2 x 2
  bool operator==(const Product&) const = default;
};

/// The products of a Conv, ConvTranspose, MatMul or Gemm, operands held in `format`.
///
/// A convolution is m = output positions of an image, n = output channels; small groups are merged
/// until they fill a block, the products of one group with another's channels being wasted. A
/// transposed convolution is the product of the convolution from its y to its x. A batch of left
/// operands that meets a single right one is folded into m. \pre is_cube(node.op)
Product product_of(const ir::Graph& graph, const ir::Node& node, FloatFormat format);

/// What the cube of a SoC computes in when asked for `wanted`: fp16 where it has no such products.
FloatFormat cube_format(const ascend::Soc& soc, FloatFormat wanted);

/// Multiply-accumulates a cycle of one core at its peak; 0 of a format the cube does not have.
double macs_per_cycle(const ascend::Soc& soc, FloatFormat format);

/// Cycles of the core with most work, at the cube's peak rate.
struct CubeCycles {
  Tile tile = {};  ///< {0, 0} where there is nothing to compute
  double tiles = 0;
  double fill = 0;   ///< of one tile of 128 x 256, or of the product where it is smaller
  double bytes = 0;  ///< of operands, from the L2 to that core
};

/// m and n are padded to 16 and k to 32 bytes; the tiles of search_tiles() are dealt to the cores
/// in whole rounds.
///
/// \param format  a format the cube has (cube_format)
CubeCycles cube_cycles(const ascend::Soc& soc, const Product& product, FloatFormat format);

/// Cube-unit time of the products in microseconds, launch overhead not included.
///
/// \param format      a format the cube has (cube_format)
/// \param efficiency  share of the peak that a long row of tiles reaches, 0..1
double cube_us(const ascend::Soc& soc, const Product& product, FloatFormat format,
               double efficiency);

}  // namespace keel::simulator
