#include "profiler/simulator/cube_time.h"

#include <algorithm>
#include <numeric>

#include "compiler/base/check.h"
#include "compiler/base/shape.h"
#include "profiler/simulator/blocks.h"

namespace keel::simulator {
namespace {

constexpr std::int64_t kBlockBytes = 32;

// A core's pipeline fills and drains in a fitted share (TimingParameters::fill_share) of the time
// of one such tile. With it r tiles a core reach r / (r + share) of the asymptote.
constexpr std::int64_t kFillTileElements = std::int64_t{128} * 256;

std::int64_t bytes_of(FloatFormat format) {
  switch (format) {
    case FloatFormat::F16:
    case FloatFormat::BF16:
      return 2;
    case FloatFormat::F32:
    case FloatFormat::HF32:
      return 4;
  }
  KEEL_CHECK(false);
}

std::int64_t elements_per_block(FloatFormat format) { return kBlockBytes / bytes_of(format); }

const Shape& shape_of(const ir::Graph& graph, ir::ValueId value) { return graph[value].type.shape; }

// Extents beyond batch and channels, multiplied.
std::int64_t positions_of(const Shape& shape) {
  return std::accumulate(shape.begin() + 2, shape.end(), std::int64_t{1}, std::multiplies{});
}

// Groups are merged until their channels fill blocks on both sides, as the vendor's convolution
// does (its "enlarge" factor): 16 channels of a depthwise convolution make one dense product.
//
// `outer` has the output positions and `inner` those of the input: y and x, or x and y where the
// convolution is transposed. It then is the product of the convolution whose transpose it is, with
// the roles of the two sides exchanged.
Product conv_product(const Shape& outer, const Shape& inner, const Shape& w, std::int64_t group,
                     FloatFormat format) {
  const std::int64_t in = w[1];
  const std::int64_t out = w[0] / group;
  if (in == 0 || out == 0) return {};
  const std::int64_t block = elements_per_block(format);
  const std::int64_t merged =
      std::min(group, std::lcm(std::lcm(in, block) / in, std::lcm(out, kBlock) / out));
  const std::int64_t m = positions_of(outer);
  return {
      .count = outer[0] * divide_up(group, merged),
      .m = m,
      .n = merged * out,
      .channels = merged * in,
      .window = positions_of(w),
      .positions = m == 0 ? 1 : static_cast<double>(positions_of(inner)) / static_cast<double>(m)};
}

Product matmul_product(const ir::Graph& graph, const ir::Node& node) {
  Shape a = shape_of(graph, node.inputs[0]);
  Shape b = shape_of(graph, node.inputs[1]);
  if (a.size() == 1) a.insert(a.begin(), 1);
  if (b.size() == 1) b.push_back(1);
  const std::int64_t m = a[a.size() - 2];
  const std::int64_t k = a.back();
  const std::int64_t n = b.back();
  const Shape a_batch(a.begin(), a.end() - 2);
  const Shape b_batch(b.begin(), b.end() - 2);
  if (element_count(b_batch) == 1)
    return {.count = 1, .m = element_count(a_batch) * m, .n = n, .channels = k};
  const std::optional<Shape> batch = broadcast(a_batch, b_batch);
  KEEL_CHECK(batch.has_value());
  return {.count = element_count(*batch), .m = m, .n = n, .channels = k};
}

Product gemm_product(const ir::Graph& graph, const ir::Node& node, const ir::Gemm& gemm) {
  const Shape& a = shape_of(graph, node.inputs[0]);
  const Shape& y = shape_of(graph, node.outputs[0]);
  return {.count = 1, .m = y[0], .n = y[1], .channels = a[gemm.trans_a ? 0 : 1]};
}

Product padded(Product product, FloatFormat format) {
  product.m = round_up(product.m, kBlock);
  product.n = round_up(product.n, kBlock);
  product.channels = round_up(product.channels, elements_per_block(format));
  return product;
}

bool is_empty(const Product& product) {
  return product.count == 0 || product.m == 0 || product.n == 0 || product.channels == 0 ||
         product.window == 0;
}

}  // namespace

Product product_of(const ir::Graph& graph, const ir::Node& node, FloatFormat format) {
  if (const auto* conv = std::get_if<ir::Conv>(&node.op))
    return conv_product(shape_of(graph, node.outputs[0]), shape_of(graph, node.inputs[0]),
                        shape_of(graph, node.inputs[1]), conv->group, format);
  if (const auto* conv = std::get_if<ir::ConvTranspose>(&node.op))
    return conv_product(shape_of(graph, node.inputs[0]), shape_of(graph, node.outputs[0]),
                        shape_of(graph, node.inputs[1]), conv->group, format);
  if (const auto* gemm = std::get_if<ir::Gemm>(&node.op)) return gemm_product(graph, node, *gemm);
  KEEL_CHECK(std::holds_alternative<ir::MatMul>(node.op));
  return matmul_product(graph, node);
}

FloatFormat cube_format(const ascend::Soc& soc, FloatFormat wanted) {
  switch (wanted) {
    case FloatFormat::F16:
      return FloatFormat::F16;
    case FloatFormat::BF16:
      return soc.bf16 ? FloatFormat::BF16 : FloatFormat::F16;
    case FloatFormat::HF32:
      return soc.cube_hf32 ? FloatFormat::HF32 : FloatFormat::F16;
    case FloatFormat::F32:
      return soc.cube_fp32 ? FloatFormat::F32 : FloatFormat::F16;
  }
  KEEL_CHECK(false);
}

double macs_per_cycle(const ascend::Soc& soc, FloatFormat format) {
  switch (format) {
    case FloatFormat::F16:
    case FloatFormat::BF16:
      return soc.cube_macs_fp16;
    case FloatFormat::HF32:
      return soc.cube_macs_hf32;
    case FloatFormat::F32:
      return soc.cube_macs_fp32;
  }
  KEEL_CHECK(false);
}

CubeCycles cube_cycles(const ascend::Soc& soc, const Product& product, FloatFormat format) {
  const Product whole = padded(product, format);
  if (is_empty(whole)) return {};
  const std::int64_t k = whole.window * whole.channels;
  const double macs = macs_per_cycle(soc, format);
  const auto channels = static_cast<double>(whole.channels);
  const Dealt dealt = search_tiles(
      soc, {.count = whole.count,
            .m = whole.m,
            .n = whole.n,
            .k = k,
            .row_bytes = channels * whole.positions * static_cast<double>(bytes_of(format)),
            .element_bytes = bytes_of(format),
            .macs_per_cycle = macs});
  return {.tile = dealt.tile,
          .tiles = dealt.cycles,
          .fill = static_cast<double>(std::min(kFillTileElements, whole.m * whole.n) * k) / macs,
          .bytes = dealt.bytes};
}

double cube_us(const ascend::Soc& soc, const Product& product, FloatFormat format,
               double efficiency) {
  const CubeCycles cycles = cube_cycles(soc, product, format);
  return (cycles.tiles + soc.timing.fill_share * cycles.fill) / efficiency / soc.cube_mhz;
}

}  // namespace keel::simulator
