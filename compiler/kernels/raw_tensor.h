#pragma once

#include <cstddef>
#include <span>

#include "compiler/base/host_type.h"
#include "compiler/base/tensor.h"

namespace keel::kernels {

/// The dtype a kernel computes `dtype` in: F32 for the tunable floats, which execute() rounds.
constexpr DType raw_dtype(DType dtype) { return is_tunable_float(dtype) ? DType::F32 : dtype; }

/// The bytes of a tensor, to be filled in. \pre made by Tensor(dtype, shape)
inline std::span<std::byte> fill_bytes(Tensor& tensor) {
  return with_host_type(tensor.dtype(), [&](auto type) {
    return std::as_writable_bytes(tensor.fill<decltype(type)>());
  });
}

}  // namespace keel::kernels
