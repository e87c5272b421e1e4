#pragma once

#include <cstdint>

#include "compiler/ascend/soc.h"
#include "compiler/program/program.h"

namespace keel::simulator {

/// Bytes of a whole tensor in the dtype it has on the NPU.
std::int64_t bytes_of(const ir::Value& value);

/// Bytes of `value` a kernel takes from memory: all of it, or as much as comes out where it is only
/// sliced or gathered from.
std::int64_t bytes_taken(const ir::Graph& graph, const program::Kernel& kernel, ir::ValueId value);

/// Bytes a kernel takes from memory, weights included, in the dtypes of the NPU.
std::int64_t bytes_read(const ir::Graph& graph, const program::Kernel& kernel);

/// Bytes a kernel hands to memory, in the dtypes of the NPU.
std::int64_t bytes_written(const ir::Graph& graph, const program::Kernel& kernel);

/// The sum of both.
std::int64_t bytes_moved(const ir::Graph& graph, const program::Kernel& kernel);

/// Time in microseconds to move `bytes`: as many as the L2 holds at the share `l2_efficiency` of
/// its rate (soc.timing.l2_efficiency, or cube_l2_efficiency of kernels of the cube), the rest at
/// that of DDR or HBM where it is slower.
double transfer_us(const ascend::Soc& soc, std::int64_t bytes, double l2_efficiency);

}  // namespace keel::simulator
