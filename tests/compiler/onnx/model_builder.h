#pragma once

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "compiler/base/file.h"
#include "compiler/ir/text.h"
#include "compiler/onnx/load.h"

namespace keel::onnx_io {

/// A folder that is removed with its content.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "keel-onnx-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Small ONNX models, built field by field so that a test can break any of them.
struct ModelBuilder {
  explicit ModelBuilder(std::int64_t opset = 13) {
    proto.set_ir_version(8);
    proto.set_producer_name("test");
    proto.add_opset_import()->set_version(opset);
    graph().set_name("g");
  }

  /// A dimension of -1 is the symbol N.
  ModelBuilder& input(const std::string& name, const Ints& shape,
                      int type = ::onnx::TensorProto::FLOAT) {
    auto* tensor = add_info(graph().add_input(), name, type);
    tensor->mutable_shape();
    for (const std::int64_t extent : shape) {
      auto* dimension = tensor->mutable_shape()->add_dim();
      if (extent == -1) {
        dimension->set_dim_param("N");
      } else {
        dimension->set_dim_value(extent);
      }
    }
    return *this;
  }

  ModelBuilder& output(const std::string& name) {
    add_info(graph().add_output(), name, ::onnx::TensorProto::FLOAT);
    return *this;
  }

  ::onnx::TensorProto& initializer(const std::string& name, const Ints& shape, int type) {
    ::onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t extent : shape) tensor.add_dims(extent);
    return tensor;
  }

  ModelBuilder& floats(const std::string& name, const std::vector<float>& values) {
    auto& tensor =
        initializer(name, {static_cast<std::int64_t>(values.size())}, ::onnx::TensorProto::FLOAT);
    for (const float value : values) tensor.add_float_data(value);
    return *this;
  }

  ModelBuilder& ints(const std::string& name, const Ints& values) {
    auto& tensor =
        initializer(name, {static_cast<std::int64_t>(values.size())}, ::onnx::TensorProto::INT64);
    for (const std::int64_t value : values) tensor.add_int64_data(value);
    return *this;
  }

  /// A node named after its first output; the attribute setters below go to the last node.
  ModelBuilder& node(const std::string& op, const std::vector<std::string>& inputs,
                     const std::vector<std::string>& outputs) {
    ::onnx::NodeProto& added = *graph().add_node();
    added.set_op_type(op);
    added.set_name("n_" + outputs.at(0));
    for (const std::string& name : inputs) added.add_input(name);
    for (const std::string& name : outputs) added.add_output(name);
    return *this;
  }

  ::onnx::AttributeProto& attribute(const std::string& name,
                                    ::onnx::AttributeProto::AttributeType type) {
    ::onnx::AttributeProto& added = *last().add_attribute();
    added.set_name(name);
    added.set_type(type);
    return added;
  }
  ModelBuilder& set(const std::string& name, std::int64_t value) {
    attribute(name, ::onnx::AttributeProto::INT).set_i(value);
    return *this;
  }
  /// A subgraph: the graph of another builder.
  ModelBuilder& set(const std::string& name, const ModelBuilder& body) {
    *attribute(name, ::onnx::AttributeProto::GRAPH).mutable_g() = body.proto.graph();
    return *this;
  }
  ModelBuilder& set(const std::string& name, float value) {
    attribute(name, ::onnx::AttributeProto::FLOAT).set_f(value);
    return *this;
  }
  ModelBuilder& set(const std::string& name, const std::string& value) {
    attribute(name, ::onnx::AttributeProto::STRING).set_s(value);
    return *this;
  }
  ModelBuilder& set(const std::string& name, const Ints& values) {
    auto& added = attribute(name, ::onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) added.add_ints(value);
    return *this;
  }

  std::string bytes() const { return proto.SerializeAsString(); }

  ::onnx::GraphProto& graph() { return *proto.mutable_graph(); }
  ::onnx::NodeProto& last() { return *graph().mutable_node(graph().node_size() - 1); }

  ::onnx::ModelProto proto;

 private:
  static ::onnx::TypeProto_Tensor* add_info(::onnx::ValueInfoProto* info, const std::string& name,
                                            int type) {
    info->set_name(name);
    info->mutable_type()->mutable_tensor_type()->set_elem_type(type);
    return info->mutable_type()->mutable_tensor_type();
  }
};

/// Says that the content of `tensor` is elsewhere: {{"location", "w.bin"}, {"offset", "0"}}.
inline void set_external(::onnx::TensorProto& tensor,
                         const std::vector<std::pair<std::string, std::string>>& entries) {
  tensor.set_data_location(::onnx::TensorProto::EXTERNAL);
  for (const auto& [key, value] : entries) {
    auto& entry = *tensor.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  }
}

inline Result<Model> load_bytes(const std::string& bytes, const LoadOptions& options = {}) {
  const TemporaryFolder folder;
  std::ofstream(folder / "m.onnx", std::ios::binary) << bytes;
  Result<Model> model = load(folder / "m.onnx", options);
  if (model.ok()) return model;
  // The folder's name is random.
  Error error = std::move(model).error();
  const std::string path = (folder / "m.onnx").string();
  if (error.where.starts_with(path)) error.where.replace(0, path.size(), "m.onnx");
  return error;
}

inline Result<Model> load_built(const ModelBuilder& model, const LoadOptions& options = {}) {
  return load_bytes(model.bytes(), options);
}

/// The imported graph as text, or the error.
inline std::string imported(const ModelBuilder& model, const LoadOptions& options = {}) {
  const Result<Model> loaded = load_built(model, options);
  if (loaded.ok()) return ir::print(loaded->graph);
  return loaded.error().what + " @ " + loaded.error().where;
}

}  // namespace keel::onnx_io
