#include <onnx/onnx_pb.h>

#include "compiler/base/file.h"
#include "compiler/onnx/load.h"
#include "compiler/onnx/nested_nodes.h"
#include "compiler/onnx/proto_file.h"

namespace keel::onnx_io {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  return fs::absolute(file).lexically_normal().parent_path();
}

// The same files, seen from another folder.
class Relocation {
 public:
  Relocation(const fs::path& from, const fs::path& to)
      : from_(folder_of(from)), to_(folder_of(to)) {}

  void apply(::onnx::GraphProto& graph) const {
    for (::onnx::TensorProto& tensor : *graph.mutable_initializer()) apply(tensor);
    for (::onnx::SparseTensorProto& tensor : *graph.mutable_sparse_initializer()) {
      apply(*tensor.mutable_values());
      apply(*tensor.mutable_indices());
    }
    for (::onnx::NodeProto& node : *graph.mutable_node())
      for (::onnx::AttributeProto& attribute : *node.mutable_attribute()) apply(attribute);
  }

 private:
  void apply(::onnx::AttributeProto& attribute) const {
    if (attribute.has_t()) apply(*attribute.mutable_t());
    for (::onnx::TensorProto& tensor : *attribute.mutable_tensors()) apply(tensor);
    if (attribute.has_g()) apply(*attribute.mutable_g());
    for (::onnx::GraphProto& graph : *attribute.mutable_graphs()) apply(graph);
  }

  void apply(::onnx::TensorProto& tensor) const {
    if (tensor.data_location() != ::onnx::TensorProto::EXTERNAL) return;
    for (::onnx::StringStringEntryProto& entry : *tensor.mutable_external_data())
      if (entry.key() == "location")
        entry.set_value(
            (from_ / entry.value()).lexically_normal().lexically_relative(to_).string());
  }

  fs::path from_, to_;
};

Result<std::string> renamed(const fs::path& from, const fs::path& to,
                            const std::vector<std::string>& names) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(from));
  ::onnx::ModelProto model;
  Status parsed = parse_message(file->bytes(), "an ONNX model", model);
  if (!parsed.ok()) return std::move(parsed).error().in(from.string());
  ::onnx::GraphProto& graph = *model.mutable_graph();
  const std::vector<::onnx::NodeProto*> nodes = all_nodes(graph);
  if (nodes.size() != names.size())
    return Error{ErrorCode::InvalidModel,
                 "the model has " + std::to_string(nodes.size()) + " nodes, " +
                     std::to_string(names.size()) + " names are given",
                 from.string(), "load the model again; the file has changed"};
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i]->set_name(names[i]);
  if (folder_of(from) != folder_of(to)) Relocation(from, to).apply(graph);
  std::string bytes;
  if (!model.SerializeToString(&bytes))
    return Error{ErrorCode::InvalidModel, "the copy with node names would exceed 2 GiB",
                 from.string(), "save the weights as external data"};
  return bytes;
}

}  // namespace

Status write_named_copy(const fs::path& from, const fs::path& to,
                        const std::vector<std::string>& names) {
  KEEL_TRY(const std::string bytes, renamed(from, to, names));
  return write_file(to, bytes);
}

}  // namespace keel::onnx_io
