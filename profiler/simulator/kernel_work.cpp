#include "profiler/simulator/kernel_work.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/base/check.h"
#include "profiler/simulator/blocks.h"
#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/memory_time.h"
#include "profiler/simulator/recurrent_time.h"
#include "profiler/simulator/relayout.h"
#include "profiler/simulator/row_work.h"
#include "profiler/simulator/vector_time.h"

namespace keel::simulator {
namespace {

using program::Kernel;
using program::KernelClass;

// Bytes of which a tensor counts half as a stream of its own: small operands (scales, indices)
// come with the others. 48 cores take 5 KiB each.
constexpr double kStreamBytes = 256 << 10;

constexpr std::int64_t kFewChannels = 4;  // vendor's documentation of --enable_small_channel

// Rows and columns of scores that are computed before the softmax gets them (vendor's attention).
constexpr std::int64_t kBlockRows = 128;
constexpr std::int64_t kBlockColumns = 512;

double per_core(double count, int cores) { return std::ceil(count / cores); }

template <class... Families>
bool is_any(const ir::Op& op) {
  return (std::holds_alternative<Families>(op) || ...);
}

bool is_index(const ir::Op& op) {
  return is_any<ir::Gather, ir::GatherElements, ir::GatherNd, ir::ScatterElements, ir::ScatterNd,
                ir::OneHot, ir::GridSample, ir::RoiAlign, ir::Compress, ir::NonZero, ir::Unique,
                ir::NonMaxSuppression, ir::MaxUnpool>(op);
}

bool is_window(const ir::Op& op) {
  const auto* pool = std::get_if<ir::Pool>(&op);
  return (pool != nullptr && !pool->kernel.empty()) || is_any<ir::Resize, ir::Lrn>(op);
}

bool is_rows(const ir::Op& op) {
  return is_any<ir::Pool, ir::Reduce, ir::ArgReduce, ir::TopK, ir::CumSum, ir::Softmax, ir::Hardmax,
                ir::LayerNorm, ir::InstanceNorm, ir::GroupNorm, ir::MeanVarianceNorm, ir::LpNorm,
                ir::Loss, ir::DynamicQuantizeLinear>(op);
}

bool renames(const ir::Op& op) { return is_any<ir::Reshape, ir::Identity>(op); }

// The path out of the accumulator converts on the way, at no cost.
bool is_cast_at_cube_exit(const ir::Graph& graph, const Kernel& kernel, const ir::Node& node) {
  if (!std::holds_alternative<ir::Cast>(node.op)) return false;
  const std::optional<ir::NodeId> producer = graph.producer(node.inputs[0]);
  return producer && ir::is_cube(graph[*producer].op) &&
         std::ranges::find(kernel.members, *producer) != kernel.members.end();
}

bool is_normalisation(const ir::Graph& graph, const Kernel& kernel) {
  const auto any = [&](auto is) {
    return std::ranges::any_of(kernel.members, [&](ir::NodeId id) { return is(graph[id].op); });
  };
  const auto is_mean = [](const ir::Op& op) {
    const auto* reduce = std::get_if<ir::Reduce>(&op);
    return reduce != nullptr && reduce->kind == ir::ReduceKind::ReduceMean;
  };
  return any(is_any<ir::LayerNorm>) || (kernel.members.size() > 1 && any(is_mean));
}

// Where the cycles of a member count.
double& share_of(const ir::Op& op, bool normalises, VectorWork& work) {
  if (is_any<ir::InstanceNorm, ir::GroupNorm, ir::MeanVarianceNorm>(op)) return work.channel_norm;
  if (normalises) return work.norm;
  if (std::holds_alternative<ir::Softmax>(op)) return work.softmax;
  return vector_cycles(op).internal_f32 ? work.activation : work.plain;
}

double stream_share(std::int64_t bytes) {
  return static_cast<double>(bytes) / (static_cast<double>(bytes) + kStreamBytes);
}

ConvForm form_of(const ir::Graph& graph, const ir::Node& node, const ir::Conv& conv) {
  const Shape& x = graph[node.inputs[0]].type.shape;
  return {.grouped = conv.group > 1,
          .along_a_line = x.size() == 3,
          .of_few_channels = x[1] <= kFewChannels};
}

void add_cube(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node,
              KernelWork& work) {
  const FloatFormat format = cube_format(soc, node.compute);
  const Product product = product_of(graph, node, format);
  const CubeCycles cycles = cube_cycles(soc, product, format);
  work.cube_cycles += cycles.tiles;
  work.fill_cycles += cycles.fill;
  if (const auto* conv = std::get_if<ir::Conv>(&node.op)) work.conv = form_of(graph, node, *conv);
  double once = 0;
  for (std::size_t i = 0; i < 2; ++i) once += static_cast<double>(bytes_of(graph[node.inputs[i]]));
  work.bytes_again += std::max(0.0, cycles.bytes * soc.cube_cores - once);
  for (const Relayout& relayout : relayouts(soc, graph, node)) {
    ++work.relayouts;
    work.relayout_bytes += static_cast<double>(bytes_of(graph[relayout.value]));
  }
  // The first product of a mixed kernel gives the scores; the second goes over the same blocks.
  if (work.timing_class == TimingClass::Mixed && work.blocks == 0) {
    work.blocks = per_core(static_cast<double>(product.count * divide_up(product.m, kBlockRows) *
                                               divide_up(product.n, kBlockColumns)),
                           soc.cube_cores);
  }
}

}  // namespace

std::string_view name(TimingClass timing_class) {
  switch (timing_class) {
    case TimingClass::Elementwise:
      return "elementwise";
    case TimingClass::Rows:
      return "rows";
    case TimingClass::Window:
      return "window";
    case TimingClass::Layout:
      return "layout";
    case TimingClass::Index:
      return "index";
    case TimingClass::Cast:
      return "cast";
    case TimingClass::Cube:
      return "cube";
    case TimingClass::Depthwise:
      return "depthwise";
    case TimingClass::Mixed:
      return "mixed";
    case TimingClass::Recurrent:
      return "recurrent";
  }
  KEEL_CHECK(false);
}

TimingClass timing_class_of(const ir::Graph& graph, const Kernel& kernel) {
  const auto any = [&](auto is) {
    return std::ranges::any_of(kernel.members, [&](ir::NodeId id) { return is(graph[id].op); });
  };
  switch (kernel.kind) {
    case KernelClass::Cube:
      return any(is_any<ir::Softmax>) ? TimingClass::Mixed : TimingClass::Cube;
    case KernelClass::Depthwise:
      return TimingClass::Depthwise;
    case KernelClass::Recurrent:
      return TimingClass::Recurrent;
    case KernelClass::Cast:
      return TimingClass::Cast;
    case KernelClass::Layout:
      return any(is_index) ? TimingClass::Index : TimingClass::Layout;
    case KernelClass::Vector:
      if (any(is_index)) return TimingClass::Index;
      if (any(is_window)) return TimingClass::Window;
      return any(is_rows) ? TimingClass::Rows : TimingClass::Elementwise;
    case KernelClass::None:
      break;
  }
  KEEL_CHECK(false);
}

std::string signature_of(const ir::Graph& graph, const Kernel& kernel) {
  std::set<std::string_view> names;
  for (const ir::NodeId member : kernel.members) {
    const ir::Op& op = graph[member].op;
    if (!renames(op) && !std::holds_alternative<ir::Cast>(op)) names.insert(ir::name(op));
  }
  if (names.empty()) return "Cast";
  std::string text;
  for (const std::string_view one : names) {
    if (!text.empty()) text += '+';
    text += one;
  }
  return text;
}

KernelWork work_of(const ascend::Soc& soc, const ir::Graph& graph, const Kernel& kernel) {
  KernelWork work{.timing_class = timing_class_of(graph, kernel)};
  const bool normalises = work.timing_class == TimingClass::Rows && is_normalisation(graph, kernel);
  for (const ir::NodeId member : kernel.members) {
    const ir::Node& node = graph[member];
    if (ir::is_recurrent(node.op)) {
      const RecurrentCycles cycles = recurrent_cycles(soc, graph, node);
      work.cube_cycles += cycles.cube.tiles;
      work.fill_cycles += cycles.cube.fill;
      work.vector.plain += cycles.vector;
      work.steps += cycles.steps;
    } else if (ir::is_cube(node.op)) {
      add_cube(soc, graph, node, work);
    } else if (!is_cast_at_cube_exit(graph, kernel, node)) {
      share_of(node.op, normalises, work.vector) += vector_core_cycles(soc, graph, node);
    }
  }
  const RowWork rows = row_work(graph, kernel);
  const int cores = soc.vector_cores;
  work.rows = per_core(rows.rows, cores);
  work.gathered = per_core(static_cast<double>(rows.gathered), cores);
  work.copied = per_core(static_cast<double>(rows.copied), cores);
  work.strided = rows.strided;
  for (const ir::ValueId value : kernel.reads) {
    const std::int64_t bytes = bytes_taken(graph, kernel, value);
    work.bytes += bytes;
    if (graph[value].constant) work.weight_bytes += bytes;
    work.streams += stream_share(bytes);
  }
  for (const ir::ValueId value : kernel.writes) {
    const std::int64_t bytes = bytes_of(graph[value]);
    work.bytes += bytes;
    work.streams += stream_share(bytes);
  }
  work.streams = std::max(0.0, work.streams - 2);
  return work;
}

KernelWork cast_work(const ascend::Soc& soc, std::int64_t elements, DType from, DType to) {
  return {.timing_class = TimingClass::Cast,
          .vector = {.plain = cast_core_cycles(soc, elements, from, to)},
          .bytes = elements * static_cast<std::int64_t>(size_of(from) + size_of(to))};
}

}  // namespace keel::simulator
