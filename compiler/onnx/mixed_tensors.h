#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "compiler/base/growing_file.h"
#include "compiler/base/result.h"
#include "compiler/base/rounding.h"
#include "compiler/base/tensor.h"
#include "compiler/onnx/external_data.h"

namespace onnx {
class TensorProto;
}

namespace keel::onnx_io {

/// Whether the content of a tensor lies in a file beside the model.
bool is_external(const ::onnx::TensorProto& tensor);

/// The stored tensors of a mixed-precision copy of a model.
///
/// What lay in a file beside the source lies in a file afterwards: in the same one where the copy's
/// folder holds it, else in one beside the copy, `<copy>.data`, for readers of ONNX open no
/// file outside the model's folder. Tensors are written one after another and never all held.
class MixedTensors {
 public:
  /// \param overflow  what becomes of numbers beyond fp16, as in keel's own evaluation
  MixedTensors(const std::filesystem::path& from, const std::filesystem::path& to,
               Overflow overflow);

  /// `tensor`, which is float, as float16: rounded to nearest even.
  /// \error InvalidModel, NotReadable  as to_tensor(); IoFailed  the disk
  Result<::onnx::TensorProto> half(const ::onnx::TensorProto& tensor);

  /// Likewise `content`, F32, under `name`.
  Result<::onnx::TensorProto> half(const std::string& name, const Tensor& content, bool in_file);

  /// Makes a tensor that stays what it is refer to a file that the copy may read.
  /// \error as half()
  Status keep(::onnx::TensorProto& tensor);

  /// Completes the file beside the copy, where there is one.
  Status finish();

 private:
  Status append(std::string_view bytes, ::onnx::TensorProto& tensor);

  std::filesystem::path from_, to_;  ///< folders
  std::filesystem::path data_;       ///< beside the copy
  Overflow overflow_;
  ExternalData external_;
  std::optional<GrowingFile> file_;
};

}  // namespace keel::onnx_io
