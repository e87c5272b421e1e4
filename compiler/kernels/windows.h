#pragma once

#include "compiler/base/shape.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// The extents after batch and channel.
inline Shape spatial_of(const Shape& shape) { return {shape.begin() + 2, shape.end()}; }

/// \pre the op is a Conv
inline Result<ir::Window> conv_window(const Call& call) {
  const auto& op = std::get<ir::Conv>(call.op);
  return ir::resolve_window(spatial_of(call.inputs[0]->shape()),
                            spatial_of(call.inputs[1]->shape()), op.strides, op.dilations, op.pads,
                            op.auto_pad, false);
}

/// \pre the op is a ConvTranspose
inline Result<ir::Window> transposed_window(const Call& call) {
  return ir::resolve_transposed_window(spatial_of(call.inputs[0]->shape()),
                                       spatial_of(call.inputs[1]->shape()),
                                       std::get<ir::ConvTranspose>(call.op));
}

/// The window of a global pool is the whole of the spatial axes. \pre the op is a Pool
inline Result<ir::Window> pool_window(const Call& call) {
  const auto& op = std::get<ir::Pool>(call.op);
  const Shape spatial = spatial_of(call.inputs[0]->shape());
  if (ir::is_global(op.kind)) return ir::resolve_window(spatial, spatial, {}, {}, {}, {}, false);
  return ir::resolve_window(spatial, op.kernel, op.strides, op.dilations, op.pads, op.auto_pad,
                            op.ceil_mode);
}

}  // namespace keel::kernels
