#pragma once

#include <cstdint>

#include "compiler/ascend/soc.h"
#include "compiler/program/program.h"

namespace keel::simulator {

/// Bytes a kernel takes from memory, weights included, in the dtypes of the NPU. Of a tensor that
/// is only sliced or gathered from, as much as comes out.
std::int64_t bytes_read(const ir::Graph& graph, const program::Kernel& kernel);

/// Bytes a kernel hands to memory, in the dtypes of the NPU.
std::int64_t bytes_written(const ir::Graph& graph, const program::Kernel& kernel);

/// The sum of both.
std::int64_t bytes_moved(const ir::Graph& graph, const program::Kernel& kernel);

/// Time in microseconds to move `bytes`: as many as the L2 holds at its bandwidth, the rest at
/// that of DDR or HBM.
double transfer_us(const ascend::Soc& soc, std::int64_t bytes);

/// Memory time of a kernel in microseconds, launch overhead not included.
double memory_us(const ascend::Soc& soc, const ir::Graph& graph, const program::Kernel& kernel);

}  // namespace keel::simulator
