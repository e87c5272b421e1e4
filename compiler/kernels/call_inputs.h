#pragma once

#include <algorithm>

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// True if every input of the call is F32, F16 or BF16, all of which the host holds as floats.
inline bool takes_floats(const Call& call) {
  return std::ranges::all_of(call.inputs,
                             [](const Tensor* t) { return !t || is_tunable_float(t->dtype()); });
}

/// Input i, or null where it is absent.
inline const Tensor* optional_input(const Call& call, std::size_t i) {
  return i < call.inputs.size() ? call.inputs[i] : nullptr;
}

}  // namespace keel::kernels
