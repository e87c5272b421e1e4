#pragma once

#include "compiler/program/program.h"
#include "profiler/simulator/timing.h"
#include "tuner/engine/target.h"
#include "tuner/report/kernel_row.h"

namespace keel::engine {

/// Whether the compiler inserted the node: a cast that comes from no node of the model file.
bool is_inserted_cast(const ir::Node& node);

/// Whether a kernel reads the value as data. Integer constants are axes, extents and the like: the
/// compiler bakes them in.
bool is_data(const ir::Value& value);

/// What a kernel of a program of `target` shows of itself, its times left at zero.
report::KernelRow kernel_row(const Target& target, const program::Program& program,
                             const program::Kernel& kernel);

/// The same with its times.
report::KernelRow kernel_row(const Target& target, const program::Program& program,
                             const program::Kernel& kernel, const simulator::KernelTime& time);

}  // namespace keel::engine
