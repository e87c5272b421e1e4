#pragma once

#include <cstdint>

#include "compiler/base/check.h"
#include "compiler/base/dtype.h"

namespace keel {

/// Calls `visit(T{})` with T the type in which a host Tensor holds elements of `dtype`: float for
/// F32, F16 and BF16, std::uint8_t for Bool. Returns what `visit` returns.
template <class Visit>
decltype(auto) with_host_type(DType dtype, Visit&& visit) {
  switch (dtype) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
      return visit(float{});
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
    case DType::F64:
      return visit(double{});
  }
  KEEL_CHECK(false && "a DType outside its enumeration");
}

}  // namespace keel
