#pragma once

#include <optional>

#include "compiler/ascend/soc.h"
#include "compiler/base/result.h"

namespace keel::simulator {

/// The first figure the timing model computes with that is unknown of the chip; null: none is.
const ascend::UnknownValue* missing_figure(const ascend::Soc& soc);

/// Whether every figure the timing model computes with is known of the chip.
/// \error Unsupported  one is not: `what` names it and where it was looked for, `where` is the file
///                     of the chip
Status check_predictable(const ascend::Soc& soc);

/// What a user who is shown predicted times must be told, once: that the constants they rest on
/// were measured on another chip. Nothing where they were measured on this one.
std::optional<Error> extrapolation_warning(const ascend::Soc& soc);

}  // namespace keel::simulator
