#include "compiler/onnx/element_type.h"

#include <onnx/onnx_pb.h>

#include <array>
#include <climits>

namespace keel::onnx_io {
namespace {

using ::onnx::TensorProto;

struct Pair {
  TensorProto::DataType onnx_type;
  DType dtype;
};

constexpr std::array kPairs = {
    Pair{TensorProto::FLOAT, DType::F32},     Pair{TensorProto::FLOAT16, DType::F16},
    Pair{TensorProto::BFLOAT16, DType::BF16}, Pair{TensorProto::DOUBLE, DType::F64},
    Pair{TensorProto::INT8, DType::I8},       Pair{TensorProto::INT16, DType::I16},
    Pair{TensorProto::INT32, DType::I32},     Pair{TensorProto::INT64, DType::I64},
    Pair{TensorProto::UINT8, DType::U8},      Pair{TensorProto::UINT16, DType::U16},
    Pair{TensorProto::UINT32, DType::U32},    Pair{TensorProto::UINT64, DType::U64},
    Pair{TensorProto::BOOL, DType::Bool},
};

}  // namespace

std::optional<DType> dtype_of(std::int64_t onnx_type) {
  for (const Pair& pair : kPairs)
    if (pair.onnx_type == onnx_type) return pair.dtype;
  return std::nullopt;
}

std::string element_type_name(std::int64_t onnx_type) {
  const bool known = onnx_type >= 0 && onnx_type <= INT_MAX &&
                     ::onnx::TensorProto_DataType_IsValid(static_cast<int>(onnx_type));
  return known ? ::onnx::TensorProto_DataType_Name(static_cast<int>(onnx_type))
               : "number " + std::to_string(onnx_type);
}

}  // namespace keel::onnx_io
