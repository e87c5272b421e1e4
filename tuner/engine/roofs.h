#pragma once

#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/program/program.h"
#include "tuner/report/profile.h"

namespace keel::engine {

/// Peak rates of the units that a program uses, fastest first: of the cube in each format it
/// multiplies in, of the vector unit in fp16 and fp32 where kernels of its class compute in them,
/// at one instruction a cycle. Formats of equal rate share a roof.
/// \pre missing_figure(soc) is null
std::vector<report::ComputeRoof> compute_roofs(const ascend::Soc& soc,
                                               const program::Program& program);

/// Peak rates of DDR or HBM and of the L2, all cores together.
/// \pre missing_figure(soc) is null
std::vector<report::MemoryRoof> memory_roofs(const ascend::Soc& soc);

}  // namespace keel::engine
