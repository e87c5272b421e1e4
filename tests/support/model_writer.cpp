#include "tests/support/model_writer.h"

#include <fstream>

namespace keel::test {

ModelWriter::ModelWriter(const std::string& graph_name) {
  model_.set_ir_version(8);
  model_.add_opset_import()->set_version(13);
  model_.mutable_graph()->set_name(graph_name);
}

void ModelWriter::input(const std::string& name, const std::vector<std::int64_t>& shape) {
  set_type(*model_.mutable_graph()->add_input(), name, shape);
}

void ModelWriter::output(const std::string& name, const std::vector<std::int64_t>& shape) {
  set_type(*model_.mutable_graph()->add_output(), name, shape);
}

void ModelWriter::open_output(const std::string& name, const std::string& extent,
                              std::int64_t columns) {
  onnx::ValueInfoProto& info = *model_.mutable_graph()->add_output();
  set_type(info, name, {0, columns});
  info.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_param(
      extent);
}

void ModelWriter::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  const auto count = static_cast<std::int64_t>(values.size());
  initializer(name, {count}, onnx::TensorProto::INT64, values.data(), count * 8);
}

std::string ModelWriter::node(const std::string& name, const std::string& op,
                              const std::vector<std::string>& inputs, const std::string& output) {
  onnx::NodeProto& node = *model_.mutable_graph()->add_node();
  node.set_name(name);
  node.set_op_type(op);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output.empty() ? name : output);
  return node.output(0);
}

void ModelWriter::set(const std::string& attribute, const std::vector<std::int64_t>& values) {
  onnx::GraphProto& graph = *model_.mutable_graph();
  onnx::AttributeProto& added = *graph.mutable_node(graph.node_size() - 1)->add_attribute();
  added.set_name(attribute);
  added.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) added.add_ints(value);
}

void ModelWriter::write(const std::filesystem::path& path) const {
  std::ofstream file(path, std::ios::binary);
  if (!model_.SerializeToOstream(&file)) std::abort();
}

void ModelWriter::set_type(onnx::ValueInfoProto& info, const std::string& name,
                           const std::vector<std::int64_t>& shape) {
  info.set_name(name);
  auto* type = info.mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t extent : shape) type->mutable_shape()->add_dim()->set_dim_value(extent);
}

void ModelWriter::initializer(const std::string& name, const std::vector<std::int64_t>& shape,
                              int type, const void* elements, std::int64_t bytes) {
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  for (const std::int64_t extent : shape) tensor.add_dims(extent);
  tensor.set_raw_data(elements, static_cast<std::size_t>(bytes));
}

std::string sample_name(int number) {
  const std::string digits = std::to_string(number);
  return std::string(3 - std::min<std::size_t>(3, digits.size()), '0') + digits;
}

}  // namespace keel::test
