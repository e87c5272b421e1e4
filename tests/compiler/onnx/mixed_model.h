#pragma once

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/onnx/element_type.h"
#include "compiler/onnx/mixed_copy.h"
#include "compiler/onnx/nested_nodes.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {

/// A result with the type that ONNX's checker asks for.
inline void result(ModelBuilder& model, const std::string& name, const Ints& shape,
                   int type = ::onnx::TensorProto::FLOAT) {
  model.output(name);
  auto& tensor = *model.graph()
                      .mutable_output(model.graph().output_size() - 1)
                      ->mutable_type()
                      ->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape();
  for (const std::int64_t extent : shape) tensor.mutable_shape()->add_dim()->set_dim_value(extent);
}

inline ::onnx::ModelProto read_model(const std::filesystem::path& path) {
  ::onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(*read_file(path)));
  return model;
}

/// What is wrong with the model in the eyes of ONNX's own checker and type inference; "" if it is
/// valid.
inline std::string problem(::onnx::ModelProto model) {
  try {
    ::onnx::checker::check_model(model);
    ::onnx::shape_inference::InferShapes(model, ::onnx::OpSchemaRegistry::Instance(),
                                         {true, 1, false});
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

inline std::string joined(const auto& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// "y = Add(x, w)" a node, "{ ... }" around a subgraph; with `-> FLOAT16` for a Cast.
inline void print_graph(const ::onnx::GraphProto& graph, const std::string& indent,
                        std::string& text) {
  for (const auto& node : graph.node()) {
    text +=
        indent + joined(node.output()) + " = " + node.op_type() + "(" + joined(node.input()) + ")";
    for (const auto& attribute : node.attribute()) {
      if (attribute.name() == "to") text += " -> " + element_type_name(attribute.i());
      if (attribute.name() == "value")
        text += " of " + element_type_name(attribute.t().data_type());
    }
    text += "\n";
    for (const auto& attribute : node.attribute())
      if (attribute.has_g()) {
        text += indent + "  " + attribute.name() + ":\n";
        print_graph(attribute.g(), indent + "    ", text);
      }
  }
  if (!indent.empty()) {
    std::vector<std::string> outputs;
    for (const auto& output : graph.output()) outputs.push_back(output.name());
    text += indent + "return " + joined(outputs) + "\n";
  }
}

/// A model and its mixed-precision copy in one temporary folder.
class Mixed {
 public:
  /// \param half  names of nodes that compute in fp16; those of `no_unit` are in no unit, the
  /// others
  ///     in fp32
  Mixed(const ModelBuilder& model, const std::vector<std::string>& half,
        const std::vector<std::string>& no_unit = {}, Overflow overflow = Overflow::InfNan,
        const std::vector<FoldedNorm>& folded = {}) {
    const auto in = [](const auto& names, const std::string& name) {
      return std::ranges::find(names, name) != names.end();
    };
    MixedRequest request{model.proto.opset_import(0).version(), {}, overflow, folded};
    for (const auto* node : all_nodes(model.proto.graph())) {
      std::optional<DType> dtype = in(half, node->name()) ? DType::F16 : DType::F32;
      if (in(no_unit, node->name()) || node->op_type() == "Constant") dtype.reset();
      request.dtypes.push_back(dtype);
    }
    EXPECT_EQ(problem(model.proto), "") << "the source";
    EXPECT_TRUE(write_file(folder_ / "m.onnx", model.bytes()).ok());
    Result<MixedCopy> written =
        write_mixed_copy(folder_ / "m.onnx", folder_ / "mixed.onnx", request);
    EXPECT_TRUE(written.ok()) << (written.ok() ? "" : written.error().what);
    if (!written.ok()) return;
    copy = *std::move(written);
    proto = read_model(folder_ / "mixed.onnx");
    EXPECT_EQ(problem(proto), "");
  }

  std::string text() const {
    std::string printed;
    print_graph(proto.graph(), "", printed);
    return printed;
  }

  /// "w FLOAT16, b FLOAT": the initializers.
  std::string initializers() const {
    std::vector<std::string> all;
    for (const auto& tensor : proto.graph().initializer())
      all.push_back(tensor.name() + " " + element_type_name(tensor.data_type()));
    return joined(all);
  }

  /// "x FLOAT, y FLOAT16": what a field of the graph declares.
  static std::string types(const auto& infos) {
    std::vector<std::string> all;
    for (const auto& info : infos)
      all.push_back(info.name() + " " + element_type_name(info.type().tensor_type().elem_type()));
    return joined(all);
  }

  /// The float16 bits of an initializer.
  std::vector<std::uint16_t> bits(const std::string& name) const {
    for (const auto& tensor : proto.graph().initializer())
      if (tensor.name() == name) return bits_of(tensor);
    return {};
  }
  static std::vector<std::uint16_t> bits_of(const ::onnx::TensorProto& tensor) {
    std::vector<std::uint16_t> bits(tensor.raw_data().size() / 2);
    std::memcpy(bits.data(), tensor.raw_data().data(), tensor.raw_data().size());
    return bits;
  }

  ::onnx::ModelProto proto;
  MixedCopy copy;

 private:
  TemporaryFolder folder_;
};

}  // namespace keel::onnx_io
