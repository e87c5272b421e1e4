#include "compiler/onnx/load.h"

#include <onnx/onnx_pb.h>

#include <optional>
#include <set>

#include "compiler/base/file.h"
#include "compiler/onnx/external_data.h"
#include "compiler/onnx/graph_import.h"
#include "compiler/onnx/input_shapes.h"
#include "compiler/onnx/proto_file.h"

namespace keel::onnx_io {
namespace {

Result<std::int64_t> opset_of(const ::onnx::ModelProto& model) {
  std::optional<std::int64_t> opset;
  for (const auto& import : model.opset_import()) {
    if (!import.domain().empty() && import.domain() != "ai.onnx") continue;
    if (opset && *opset != import.version())
      return Error{ErrorCode::InvalidModel,
                   "the model imports opsets " + std::to_string(*opset) + " and " +
                       std::to_string(import.version()) + " of ai.onnx",
                   "", "export the model again with one opset"};
    opset = import.version();
  }
  if (!opset)
    return Error{ErrorCode::InvalidModel,
                 std::string("the model imports no opset of ai.onnx") +
                     (model.opset_import_size() == 0 ? "; it may be truncated" : ""),
                 "", "export or copy the file again"};
  if (*opset < 1)
    return Error{ErrorCode::InvalidModel,
                 "the model is of opset " + std::to_string(*opset) + ", which does not exist", "",
                 "export or copy the file again"};
  return *opset;
}

Result<::onnx::ModelProto> parse_model(const MappedFile& file) {
  ::onnx::ModelProto proto;
  KEEL_TRY_STATUS(parse_message(file.bytes(), "an ONNX model", proto));
  if (!proto.has_ir_version() || !proto.has_graph())
    return Error{ErrorCode::InvalidModel,
                 std::string("the file is truncated or not an ONNX model: it has no ") +
                     (proto.has_ir_version() ? "graph" : "IR version"),
                 "", "export or copy the file again"};
  return proto;
}

Result<std::vector<DeclaredInput>> inputs_of(const MappedFile& file) {
  KEEL_TRY(const ::onnx::ModelProto proto, parse_model(file));
  std::set<std::string> initializers;
  for (const ::onnx::TensorProto& tensor : proto.graph().initializer())
    initializers.insert(tensor.name());
  std::vector<DeclaredInput> inputs;
  for (const ::onnx::ValueInfoProto& input : proto.graph().input()) {
    if (initializers.contains(input.name())) continue;
    KEEL_TRY(DeclaredInput type, declared(input));
    inputs.push_back(std::move(type));
  }
  return inputs;
}

Result<Model> load_mapped(const MappedFile& file, const std::filesystem::path& folder,
                          const LoadOptions& options) {
  KEEL_TRY(const ::onnx::ModelProto proto, parse_model(file));
  KEEL_TRY(const std::int64_t opset, opset_of(proto));
  ExternalData external(folder);
  KEEL_TRY(ImportedGraph imported, import_graph(proto.graph(), opset, options, external));

  Hasher hasher;
  hasher.add_bytes(file.bytes());
  external.add_to_hash(hasher);
  return Model{std::move(imported.graph),
               opset,
               proto.producer_name(),
               std::move(imported.file_nodes),
               imported.needs_named_copy,
               std::move(imported.fixed_inputs),
               hasher.digest()};
}

}  // namespace

Result<std::vector<DeclaredInput>> declared_inputs(const std::filesystem::path& path) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  Result<std::vector<DeclaredInput>> inputs = inputs_of(*file);
  if (inputs.ok()) return inputs;
  return std::move(inputs).error().in(path.string());
}

Result<Model> load(const std::filesystem::path& path, const LoadOptions& options) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  Result<Model> model = load_mapped(*file, path.parent_path(), options);
  // A wrong flag is not at a place in the file.
  if (model.ok() || model.error().code == ErrorCode::InvalidConfig) return model;
  return std::move(model).error().in(path.string());
}

}  // namespace keel::onnx_io
