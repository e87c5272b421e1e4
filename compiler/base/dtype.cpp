#include "compiler/base/dtype.h"

#include <array>

#include "compiler/base/check.h"

namespace keel {
namespace {

struct DTypeInfo {
  DType dtype;
  std::string_view name;
  std::size_t bytes;
};

constexpr std::array kInfo = {
    DTypeInfo{DType::F32, "f32", 4},   DTypeInfo{DType::F16, "f16", 2},
    DTypeInfo{DType::BF16, "bf16", 2}, DTypeInfo{DType::I8, "i8", 1},
    DTypeInfo{DType::I32, "i32", 4},   DTypeInfo{DType::I64, "i64", 8},
    DTypeInfo{DType::Bool, "bool", 1}, DTypeInfo{DType::U8, "u8", 1},
    DTypeInfo{DType::F64, "f64", 8},   DTypeInfo{DType::I16, "i16", 2},
    DTypeInfo{DType::U16, "u16", 2},   DTypeInfo{DType::U32, "u32", 4},
    DTypeInfo{DType::U64, "u64", 8},
};

const DTypeInfo& info(DType dtype) {
  const auto index = static_cast<std::size_t>(dtype);
  KEEL_CHECK(index < kInfo.size() && kInfo[index].dtype == dtype);
  return kInfo[index];
}

}  // namespace

std::string_view name(DType dtype) { return info(dtype).name; }

std::optional<DType> dtype_named(std::string_view name) {
  for (const DTypeInfo& entry : kInfo)
    if (entry.name == name) return entry.dtype;
  return std::nullopt;
}

std::size_t size_of(DType dtype) { return info(dtype).bytes; }

std::size_t host_size_of(DType dtype) {
  return is_tunable_float(dtype) ? sizeof(float) : size_of(dtype);
}

}  // namespace keel
