#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/program/program.h"
#include "profiler/simulator/interval.h"
#include "profiler/simulator/kernel_work.h"

namespace keel::simulator {

/// What bounds a kernel.
enum class Bound : std::uint8_t { Cube, Vector, Memory, Launch };
std::string_view name(Bound bound);

/// Predicted time of one kernel: launch + busy + relayout, times the correction of its signature.
/// Busy is the norm of the times of the three units whose exponent says how well they overlap in
/// its class; of a recurrent kernel cube and vector add up first, as its steps wait for each other.
struct KernelTime {
  double launch_us = 0;  ///< with what each tensor beyond two and each recurrent step costs
  double cube_us = 0;
  double vector_us = 0;
  double memory_us = 0;
  double relayout_us = 0;  ///< padding and cutting of tensors to blocks around a product
  double total_us = 0;
  Bound bound = Bound::Launch;
  Interval interval;  ///< of a measured time, nominally in nine of ten cases
  KernelError error;
};

/// The time of work on a chip, without correction and interval.
/// \pre missing_figure(soc) is null, here and below
KernelTime time_of(const ascend::Soc& soc, const KernelWork& work);

/// Time of one kernel of a program.
/// \par Source  the per-kernel model of the vendor-facts section on performance: products padded to
///     16 x 16 x 32 bytes and dealt to cores in whole rounds, vector cycles by (operator, dtype),
///     L2 bandwidth for what the L2 holds of the working set, that of DDR or HBM for the rest;
///     rows, gathers and copies by their number. Fitted parameters: configs/timing; errors:
///     ACCURACY.md
KernelTime predict(const ascend::Soc& soc, const ir::Graph& graph, const program::Kernel& kernel);

/// Times of all kernels and their sum: kernels run one after the other on a stream.
struct Timeline {
  std::vector<KernelTime> kernels;  ///< as Program::kernels
  double execution_us = 0;          ///< of the execution itself, part of the sum
  double total_us = 0;
  Interval interval;
};
Timeline predict(const ascend::Soc& soc, const program::Program& program);

/// The timeline of kernels whose times are known.
Timeline in_turn(const ascend::Soc& soc, std::vector<KernelTime> kernels);

/// Time of a cast that stands alone, for a tensor of `elements`.
double cast_us(const ascend::Soc& soc, std::int64_t elements, DType from, DType to);

/// How much longer `first` takes than `second`, and the interval of that. Kernels with equal
/// digests cancel, as they run in equal time whatever it is.
struct TimeDifference {
  double us = 0;
  Interval interval;
};
TimeDifference difference(const ascend::Soc& soc, const program::Program& first,
                          const program::Program& second);

}  // namespace keel::simulator
