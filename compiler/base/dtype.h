#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace keel {

/// Element types a tensor can have. The numbers are stored in studies: append only.
enum class DType : std::uint8_t {
  F32 = 0,
  F16 = 1,
  BF16 = 2,
  I8 = 3,
  I32 = 4,
  I64 = 5,
  Bool = 6,
  U8 = 7,
  F64 = 8,
  I16 = 9,
  U16 = 10,
  U32 = 11,
  U64 = 12,
};

/// "f32", "f16", "bf16", "i64", "bool", ...: the spelling of the text form and of every report.
std::string_view name(DType dtype);

/// The inverse of name(); empty for an unknown spelling.
std::optional<DType> dtype_named(std::string_view name);

/// Bytes an element takes in the model file and on the NPU.
std::size_t size_of(DType dtype);

/// Bytes an element takes in a host Tensor. F16 and BF16 are held as floats that lie on the
/// narrower grid, so host kernels compute in fp32 and round where the NPU rounds.
std::size_t host_size_of(DType dtype);

/// F32, F16 or BF16: what a precision mode may change. F64 is not: no NPU computes in it.
constexpr bool is_tunable_float(DType dtype) {
  return dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16;
}

}  // namespace keel
