#pragma once

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/onnx/external_data.h"

namespace onnx {
class TensorProto;
}

namespace keel::onnx_io {

/// The content of a TensorProto, from raw_data, a typed field or an external file.
///
/// External data of a dtype whose host form is its file form stays in the mapped file; everything
/// else is copied. F16 and BF16 become floats on their grid, Bool becomes 0 and 1.
///
/// \error InvalidModel  a type keel does not hold, a negative extent, or bytes that do not match
///     the shape; `where` is the tensor
/// \error NotReadable  an external file cannot be read
Result<Tensor> to_tensor(const ::onnx::TensorProto& proto, ExternalData& external);

/// The bytes of a TensorProto that lies in an external file, as the file holds them.
/// \error as to_tensor()
Result<ExternalBytes> external_bytes(const ::onnx::TensorProto& proto, ExternalData& external);

}  // namespace keel::onnx_io
