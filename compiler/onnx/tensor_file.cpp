#include <onnx/onnx_pb.h>

#include "compiler/base/file.h"
#include "compiler/onnx/initializers.h"
#include "compiler/onnx/load.h"
#include "compiler/onnx/proto_file.h"

namespace keel::onnx_io {
namespace {

Result<Tensor> tensor_in(const MappedFile& file, const std::filesystem::path& folder) {
  ::onnx::TensorProto proto;
  KEEL_TRY_STATUS(parse_message(file.bytes(), "an ONNX tensor", proto));
  ExternalData external(folder);
  return to_tensor(proto, external);
}

}  // namespace

Result<Tensor> read_tensor_file(const std::filesystem::path& path) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  Result<Tensor> tensor = tensor_in(*file, path.parent_path());
  if (tensor.ok()) return tensor;
  Error error = std::move(tensor).error().in(path.string());
  // Data the user gives, not a model.
  if (error.code == ErrorCode::InvalidModel) error.code = ErrorCode::InvalidConfig;
  return error;
}

}  // namespace keel::onnx_io
