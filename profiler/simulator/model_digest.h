#pragma once

#include "compiler/ascend/soc.h"
#include "compiler/base/hash.h"

namespace keel::simulator {

/// Digest of all that the time of a kernel follows from beside the kernel: the sheet of the chip,
/// the parameters of its timing model, and the code that makes times and digests of kernels, as it
/// was built. Equal digests of model and kernel give equal times.
/// \pre soc is as load_soc() gave it
Digest model_digest(const ascend::Soc& soc);

}  // namespace keel::simulator
