#pragma once

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"

namespace keel::kernels::onednn {

/// Channels of the blocks oneDNN's kernels work in, which fill a vector register: 16 with AVX-512,
/// 8 with AVX2, 0 on other processors.
std::int64_t channel_block();

/// Copies the floats of a tensor of `shape` from blocks of that many channels (0: row-major) to
/// others; what blocks hold beyond the channels becomes 0.
/// \error DeviceFailed  oneDNN refused
Status reorder(const Shape& shape, std::int64_t from_block, const float* x, std::int64_t to_block,
               float* y);

}  // namespace keel::kernels::onednn
