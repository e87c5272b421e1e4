#pragma once

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/axis_flags.h"
#include "compiler/kernels/call_inputs.h"

namespace keel::kernels {

/// For each axis of the input, whether a Reduce sums over it. \pre the op is a Reduce
inline Result<AxisFlags> reduced_axes(const Call& call) {
  const std::size_t rank = call.inputs[0]->shape().size();
  ir::Ints axes;
  if (const Tensor* given = optional_input(call, 1)) {
    KEEL_TRY(axes, ir::ints_of(*given));
    KEEL_TRY(axes, ir::resolve_axes(axes, rank));
  }
  const bool all = axes.empty() && !std::get<ir::Reduce>(call.op).noop_with_empty_axes;
  AxisFlags reduced(rank, all);
  for (const std::int64_t axis : axes) reduced[static_cast<std::size_t>(axis)] = true;
  return reduced;
}

}  // namespace keel::kernels
