#pragma once

#include <cstdint>

#include "compiler/ascend/soc.h"
#include "compiler/ir/graph.h"
#include "profiler/simulator/vector_cycles.h"

namespace keel::simulator {

/// Cycles of one operator on the vector unit of the core with most work, at its peak rate; 0 where
/// it does not compute there.
///
/// The dtype it computes in is that of its first float output, else of its first float input, else
/// of its first output; bf16 is widened to fp32, since the vector unit only casts it.
double vector_core_cycles(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node);

/// The same of an operator of `cycles` that passes over `elements` of `dtype`.
double elements_core_cycles(const ascend::Soc& soc, std::int64_t elements, DType dtype,
                            const VectorCycles& cycles);

/// The same of a cast of `elements`.
double cast_core_cycles(const ascend::Soc& soc, std::int64_t elements, DType from, DType to);

/// Vector-unit time of one operator in microseconds, launch overhead not included.
double vector_us(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node);

/// Vector-unit time of an operator of `cycles` that passes over `elements` of `dtype`.
double elements_us(const ascend::Soc& soc, std::int64_t elements, DType dtype,
                   const VectorCycles& cycles);

/// Vector-unit time of a cast of `elements`.
double cast_vector_us(const ascend::Soc& soc, std::int64_t elements, DType from, DType to);

}  // namespace keel::simulator
