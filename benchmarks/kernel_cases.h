#pragma once

#include <span>

#include "benchmarks/kernel_call.h"

namespace keel::bench {

/// One representative call of each important kernel, with the extents of vision and language models
/// at batch 1.
std::span<const KernelCase> kernel_cases();

}  // namespace keel::bench
