#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/program/program.h"

namespace keel::simulator {

/// What bounds a kernel.
enum class Bound : std::uint8_t { Cube, Vector, Memory, Launch };
std::string_view name(Bound bound);

/// Predicted time of one kernel: launch + max(cube, vector, memory); of a recurrent one launch +
/// max(cube + vector, memory), as its steps wait for each other.
struct KernelTime {
  double launch_us = 0;
  double cube_us = 0;
  double vector_us = 0;
  double memory_us = 0;
  double total_us = 0;
  Bound bound = Bound::Launch;
};

/// Time of one kernel of a program.
/// \pre missing_figure(soc) is null, here and below
/// \par Source  the per-kernel model of the vendor-facts section on performance: products padded to
///     16 x 16 x 32 bytes and dealt to cores in whole rounds, vector cycles by (operator, dtype),
///     L2 bandwidth for what the L2 holds of the working set, that of DDR or HBM for the rest
KernelTime predict(const ascend::Soc& soc, const ir::Graph& graph, const program::Kernel& kernel);

/// Times of all kernels and their sum: kernels run one after the other on a stream.
struct Timeline {
  std::vector<KernelTime> kernels;  ///< as Program::kernels
  double total_us = 0;
};
Timeline predict(const ascend::Soc& soc, const program::Program& program);

/// Time of a cast that stands alone, for a tensor of `elements`.
double cast_us(const ascend::Soc& soc, std::int64_t elements, DType from, DType to);

}  // namespace keel::simulator
