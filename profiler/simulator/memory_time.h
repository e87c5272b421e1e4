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

/// Time in microseconds to move `bytes` through the L2, at the share `l2_efficiency` of its rate
/// (soc.timing.l2_efficiency, or cube_l2_efficiency of kernels of the cube).
double cached_transfer_us(const ascend::Soc& soc, double bytes, double l2_efficiency);

/// Those of `bytes` that come from or go to DDR or HBM: `weights` of them in the share that the L2
/// lost since the last execution (timing.cold_weights), the others as far as they are beyond
/// timing.l2_share of the L2.
double far_bytes(const ascend::Soc& soc, std::int64_t bytes, std::int64_t weights);

/// Time in microseconds to move them.
double far_transfer_us(const ascend::Soc& soc, double bytes);

}  // namespace keel::simulator
