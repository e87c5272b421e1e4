#include "profiler/simulator/timing.h"

#include <algorithm>

#include "compiler/base/check.h"
#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/known_figures.h"
#include "profiler/simulator/memory_time.h"
#include "profiler/simulator/recurrent_time.h"
#include "profiler/simulator/vector_time.h"

namespace keel::simulator {
namespace {

using program::Kernel;
using program::KernelClass;

double launch_us(const ascend::Soc& soc, KernelClass kind) {
  switch (kind) {
    case KernelClass::Cube:
    case KernelClass::Depthwise:
    case KernelClass::Recurrent:
      return soc.timing.launch_us;
    case KernelClass::Vector:
    case KernelClass::Layout:
    case KernelClass::Cast:
      return soc.timing.vector_launch_us;
    case KernelClass::None:
      return 0;
  }
  KEEL_CHECK(false);
}

double member_cube_us(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node,
                      KernelClass kind) {
  const FloatFormat format = cube_format(soc, node.compute);
  const double efficiency =
      kind == KernelClass::Depthwise ? soc.timing.depthwise_efficiency : soc.timing.cube_efficiency;
  return cube_us(soc, product_of(graph, node, format), format, efficiency);
}

// The path out of the accumulator converts on the way, at no cost.
bool is_cast_at_cube_exit(const ir::Graph& graph, const Kernel& kernel, const ir::Node& node) {
  if (!std::holds_alternative<ir::Cast>(node.op)) return false;
  const std::optional<ir::NodeId> producer = graph.producer(node.inputs[0]);
  return producer && ir::is_cube(graph[*producer].op) &&
         std::ranges::find(kernel.members, *producer) != kernel.members.end();
}

// Fills in total and bound.
KernelTime combined(KernelTime time, KernelClass kind) {
  const double computing = kind == KernelClass::Recurrent ? time.cube_us + time.vector_us
                                                          : std::max(time.cube_us, time.vector_us);
  const double busy = std::max(computing, time.memory_us);
  time.total_us = time.launch_us + busy;
  if (time.launch_us >= busy)
    time.bound = Bound::Launch;
  else if (busy == time.memory_us)
    time.bound = Bound::Memory;
  else
    time.bound = time.cube_us >= time.vector_us ? Bound::Cube : Bound::Vector;
  return time;
}

}  // namespace

std::string_view name(Bound bound) {
  switch (bound) {
    case Bound::Cube:
      return "cube";
    case Bound::Vector:
      return "vector";
    case Bound::Memory:
      return "memory";
    case Bound::Launch:
      return "launch";
  }
  KEEL_CHECK(false);
}

KernelTime predict(const ascend::Soc& soc, const ir::Graph& graph, const Kernel& kernel) {
  KEEL_CHECK(missing_figure(soc) == nullptr);
  if (kernel.kind == KernelClass::None) return {};
  KernelTime time;
  time.launch_us = launch_us(soc, kernel.kind);
  time.memory_us = memory_us(soc, graph, kernel);
  for (const ir::NodeId member : kernel.members) {
    const ir::Node& node = graph[member];
    if (ir::is_recurrent(node.op)) {
      const RecurrentTime recurrence = recurrent_time(soc, graph, node);
      time.cube_us += recurrence.cube_us;
      time.vector_us += recurrence.vector_us;
    } else if (ir::is_cube(node.op)) {
      time.cube_us += member_cube_us(soc, graph, node, kernel.kind);
    } else if (!is_cast_at_cube_exit(graph, kernel, node)) {
      time.vector_us += vector_us(soc, graph, node);
    }
  }
  return combined(time, kernel.kind);
}

Timeline predict(const ascend::Soc& soc, const program::Program& program) {
  Timeline timeline;
  timeline.kernels.reserve(program.kernels.size());
  for (const Kernel& kernel : program.kernels) {
    timeline.kernels.push_back(predict(soc, program.graph, kernel));
    timeline.total_us += timeline.kernels.back().total_us;
  }
  return timeline;
}

double cast_us(const ascend::Soc& soc, std::int64_t elements, DType from, DType to) {
  KEEL_CHECK(missing_figure(soc) == nullptr);
  KernelTime time;
  time.launch_us = launch_us(soc, KernelClass::Cast);
  time.memory_us =
      transfer_us(soc, elements * static_cast<std::int64_t>(size_of(from) + size_of(to)));
  time.vector_us = cast_vector_us(soc, elements, from, to);
  return combined(time, KernelClass::Cast).total_us;
}

}  // namespace keel::simulator
