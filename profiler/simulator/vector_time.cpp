#include "profiler/simulator/vector_time.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "compiler/base/check.h"
#include "compiler/base/shape.h"
#include "profiler/simulator/blocks.h"

namespace keel::simulator {
namespace {

constexpr std::int64_t kRepeatBytes = 256;            // one repeat of a vector instruction (ISA)
constexpr std::int64_t kRepeatsPerInstruction = 255;  // largest repeat count (ISA)

// Cycles before the first repeat leaves the pipeline: the middle of the 20 to 33 that were
// measured on 910B (vendor's cost model of vector instructions).
constexpr double kStartupCycles = 27;

// 64-bit elements go through the scalar unit: maximum of 4096 x 4096 int64 takes 736 us on 910B2,
// which is 3.8 cycles an element on each of 48 cores.
constexpr double kScalarCyclesPerElement = 4;

double cycles_to_us(const ascend::Soc& soc, double cycles) {
  return cycles / soc.vector_mhz / soc.timing.vector_efficiency;
}

// Whole repeats dealt to the cores, in instructions of up to 255 repeats.
double repeat_cycles(const ascend::Soc& soc, std::int64_t elements, std::size_t element_bytes,
                     double cycles_per_repeat) {
  const std::int64_t repeats =
      divide_up(elements * static_cast<std::int64_t>(element_bytes), kRepeatBytes);
  const std::int64_t on_a_core = divide_up(repeats, soc.vector_cores);
  const double width = static_cast<double>(kRepeatBytes) / soc.vector_bytes_per_cycle;
  const double startups = static_cast<double>(divide_up(on_a_core, kRepeatsPerInstruction));
  return static_cast<double>(on_a_core) * cycles_per_repeat * width + startups * kStartupCycles;
}

DType compute_dtype(const ir::Graph& graph, const ir::Node& node) {
  for (const std::vector<ir::ValueId>& values : {node.outputs, node.inputs})
    for (const ir::ValueId value : values)
      if (value != ir::kNoValue && is_tunable_float(graph[value].type.dtype))
        return graph[value].type.dtype;
  return graph[node.outputs[0]].type.dtype;
}

// Elements the unit passes over: what is read where a result depends on many elements, each window
// in full, else what is written.
std::int64_t elements_processed(const ir::Graph& graph, const ir::Node& node) {
  const std::int64_t written = element_count(graph[node.outputs[0]].type.shape);
  if (node.inputs.empty()) return written;
  if (const auto* pool = std::get_if<ir::Pool>(&node.op);
      pool != nullptr && !pool->kernel.empty()) {
    return std::accumulate(pool->kernel.begin(), pool->kernel.end(), written, std::multiplies{});
  }
  return std::max(written, element_count(graph[node.inputs[0]].type.shape));
}

VectorCycles cycles_of(const ir::Graph& graph, const ir::Node& node) {
  if (const auto* binary = std::get_if<ir::Binary>(&node.op)) {
    const ir::Value& second = graph[node.inputs[1]];
    if (second.constant && element_count(second.type.shape) == 1)
      return scalar_cycles(binary->kind);
  }
  return vector_cycles(node.op);
}

}  // namespace

double elements_core_cycles(const ascend::Soc& soc, std::int64_t elements, DType dtype,
                            const VectorCycles& cycles) {
  switch (dtype) {
    case DType::F32:
    case DType::I32:
    case DType::U32:
      return repeat_cycles(soc, elements, 4, cycles.f32);
    case DType::F16:
      if (!cycles.internal_f32) return repeat_cycles(soc, elements, 2, cycles.f16);
      [[fallthrough]];
    case DType::BF16:
      return repeat_cycles(soc, elements, 4, cycles.f32 + 2 * kCastCycles);
    case DType::I16:
    case DType::U16:
    case DType::I8:  // 8-bit integers are widened: no 8-bit arithmetic
    case DType::U8:
    case DType::Bool:
      return repeat_cycles(soc, elements, 2, cycles.internal_f32 ? cycles.f32 : cycles.f16);
    case DType::I64:
    case DType::U64:
    case DType::F64:
      return static_cast<double>(divide_up(elements, soc.vector_cores)) * kScalarCyclesPerElement;
  }
  KEEL_CHECK(false);
}

double cast_core_cycles(const ascend::Soc& soc, std::int64_t elements, DType from, DType to) {
  return repeat_cycles(soc, elements, std::max(size_of(from), size_of(to)), kCastCycles);
}

double cast_vector_us(const ascend::Soc& soc, std::int64_t elements, DType from, DType to) {
  return cycles_to_us(soc, cast_core_cycles(soc, elements, from, to));
}

double vector_core_cycles(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node) {
  const VectorCycles cycles = cycles_of(graph, node);
  if (cycles.f32 == 0) return 0;
  const std::int64_t elements = elements_processed(graph, node);
  if (const auto* cast = std::get_if<ir::Cast>(&node.op))
    return cast_core_cycles(soc, elements, graph[node.inputs[0]].type.dtype, cast->to);
  return elements_core_cycles(soc, elements, compute_dtype(graph, node), cycles);
}

double vector_us(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node) {
  return cycles_to_us(soc, vector_core_cycles(soc, graph, node));
}

double elements_us(const ascend::Soc& soc, std::int64_t elements, DType dtype,
                   const VectorCycles& cycles) {
  return cycles_to_us(soc, elements_core_cycles(soc, elements, dtype, cycles));
}

}  // namespace keel::simulator
