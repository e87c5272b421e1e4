#include "profiler/simulator/memory_time.h"

#include <algorithm>

#include "compiler/base/shape.h"

namespace keel::simulator {
namespace {

// GB/s is 10^3 bytes a microsecond.
constexpr double kBytesPerMicrosecond = 1e3;

bool picks_from_first_input(const ir::Op& op) {
  return std::holds_alternative<ir::Slice>(op) || std::holds_alternative<ir::Gather>(op) ||
         std::holds_alternative<ir::ShapeOf>(op);
}

}  // namespace

std::int64_t bytes_of(const ir::Value& value) {
  return element_count(value.type.shape) * static_cast<std::int64_t>(size_of(value.type.dtype));
}

std::int64_t bytes_taken(const ir::Graph& graph, const program::Kernel& kernel, ir::ValueId value) {
  const std::int64_t whole = bytes_of(graph[value]);
  std::int64_t picked = 0;
  for (const ir::NodeId member : kernel.members) {
    const ir::Node& node = graph[member];
    const auto uses = std::ranges::count(node.inputs, value);
    if (uses == 0) continue;
    if (uses > 1 || node.inputs[0] != value || !picks_from_first_input(node.op)) return whole;
    picked += bytes_of(graph[node.outputs[0]]);
  }
  return std::min(whole, picked);
}

std::int64_t bytes_read(const ir::Graph& graph, const program::Kernel& kernel) {
  std::int64_t bytes = 0;
  for (const ir::ValueId value : kernel.reads) bytes += bytes_taken(graph, kernel, value);
  return bytes;
}

std::int64_t bytes_written(const ir::Graph& graph, const program::Kernel& kernel) {
  std::int64_t bytes = 0;
  for (const ir::ValueId value : kernel.writes) bytes += bytes_of(graph[value]);
  return bytes;
}

std::int64_t bytes_moved(const ir::Graph& graph, const program::Kernel& kernel) {
  return bytes_read(graph, kernel) + bytes_written(graph, kernel);
}

double cached_transfer_us(const ascend::Soc& soc, double bytes, double l2_efficiency) {
  const double l2_gbs =
      l2_efficiency * soc.l2_bytes_per_cycle * soc.cube_cores * soc.cube_mhz * 1e-3;
  return bytes / l2_gbs / kBytesPerMicrosecond;
}

double far_bytes(const ascend::Soc& soc, std::int64_t bytes, std::int64_t weights) {
  const ascend::TimingParameters& t = soc.timing;
  const double cold = t.cold_weights * static_cast<double>(weights);
  const double held = t.l2_share * static_cast<double>(soc.l2_bytes);
  return cold + std::max(0.0, static_cast<double>(bytes) - cold - held);
}

double far_transfer_us(const ascend::Soc& soc, double bytes) {
  return bytes / (soc.memory_gbs * soc.timing.memory_efficiency) / kBytesPerMicrosecond;
}

}  // namespace keel::simulator
