#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "compiler/base/check.h"
#include "compiler/base/tensor.h"

namespace keel::kernels {

/// Calls visit(T{}) with T the type of a host element of `dtype`.
template <class Visit>
decltype(auto) visit_host_type(DType dtype, Visit visit) {
  switch (dtype) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
      return visit(float{});
    case DType::F64:
      return visit(double{});
    case DType::I8:
      return visit(std::int8_t{});
    case DType::I16:
      return visit(std::int16_t{});
    case DType::I32:
      return visit(std::int32_t{});
    case DType::I64:
      return visit(std::int64_t{});
    case DType::Bool:
    case DType::U8:
      return visit(std::uint8_t{});
    case DType::U16:
      return visit(std::uint16_t{});
    case DType::U32:
      return visit(std::uint32_t{});
    case DType::U64:
      return visit(std::uint64_t{});
  }
  KEEL_CHECK(false && "a DType outside its enumeration");
}

/// The dtype a kernel computes `dtype` in: F32 for the tunable floats, which execute() rounds.
constexpr DType raw_dtype(DType dtype) { return is_tunable_float(dtype) ? DType::F32 : dtype; }

/// The bytes of a tensor, to be filled in. \pre made by Tensor(dtype, shape)
inline std::span<std::byte> fill_bytes(Tensor& tensor) {
  return visit_host_type(tensor.dtype(), [&](auto type) {
    return std::as_writable_bytes(tensor.fill<decltype(type)>());
  });
}

}  // namespace keel::kernels
