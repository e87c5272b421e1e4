#include "tests/support/tiny_model.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "compiler/base/random.h"
#include "profiler/accuracy/dataset.h"

namespace keel::test {
namespace {

constexpr int kSamples = 16;
constexpr int kWidth = 32;
constexpr int kHidden = 1536;  // 9 MB of weights a layer: about 5 us in fp32 on Ascend910B3
constexpr int kClasses = 4;

class Builder {
 public:
  Builder() {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(13);
    graph().set_name("tiny");
  }

  onnx::GraphProto& graph() { return *model_.mutable_graph(); }

  void port(onnx::ValueInfoProto* info, const std::string& name, int width) {
    info->set_name(name);
    auto* type = info->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    type->mutable_shape()->add_dim()->set_dim_value(1);
    type->mutable_shape()->add_dim()->set_dim_value(width);
  }

  void constant(const std::string& name, const std::vector<std::int64_t>& shape, auto element) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
      tensor.add_dims(extent);
      count *= extent;
    }
    std::vector<float> elements(static_cast<std::size_t>(count));
    std::ranges::generate(elements, element);
    tensor.set_raw_data(elements.data(), elements.size() * sizeof(float));
  }

  void node(const std::string& name, const std::string& op, const std::vector<std::string>& inputs,
            const std::string& output = "") {
    onnx::NodeProto& node = *graph().add_node();
    node.set_name(name);
    node.set_op_type(op);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output.empty() ? name : output);
  }

  void write(const std::filesystem::path& path) const {
    std::ofstream file(path, std::ios::binary);
    model_.SerializeToOstream(&file);
  }

 private:
  onnx::ModelProto model_;
};

void write_samples(const std::filesystem::path& folder, Rng& rng) {
  std::string labels = "[";
  for (int s = 0; s < kSamples; ++s) {
    Tensor x(DType::F32, {1, kWidth});
    const double loudness = std::pow(10.0, -4.0 + 4.0 * s / (kSamples - 1));
    for (float& element : x.fill<float>())
      element = static_cast<float>((2 * rng.uniform() - 1) * loudness);
    const std::string name = s < 10 ? "00" + std::to_string(s) : "0" + std::to_string(s);
    if (!accuracy::write_npy(folder / (name + ".npy"), x).ok()) std::abort();
    labels += (s ? ", " : "") + std::to_string(s % kClasses);
  }
  std::ofstream(folder / "labels.json") << labels << "]\n";
}

}  // namespace

void write_tiny_model(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "samples");
  Rng rng(11);
  const auto weight = [&] { return static_cast<float>((2 * rng.uniform() - 1) * 0.04); };
  const auto value = [](float v) { return [v] { return v; }; };

  Builder model;
  model.port(model.graph().add_input(), "x", kWidth);
  model.port(model.graph().add_output(), "y", kClasses);
  model.constant("floor_value", {}, value(1e-9f));
  model.constant("gain", {}, value(100.0f));
  model.constant("shrink", {}, value(0.002f));
  model.constant("w0", {kWidth, kHidden}, weight);
  model.constant("b0", {kHidden}, weight);
  model.constant("w1", {kHidden, kHidden}, weight);
  model.constant("w2", {kHidden, kHidden}, weight);
  model.constant("w3", {kHidden, kClasses}, weight);
  model.node("power", "Mul", {"x", "x"});
  model.node("floor", "Max", {"power", "floor_value"});
  model.node("log", "Log", {"floor"});
  model.node("dense_0", "MatMul", {"log", "w0"});
  model.node("bias_0", "Add", {"dense_0", "b0"});
  model.node("relu_0", "Relu", {"bias_0"});
  model.node("big", "Mul", {"relu_0", "gain"});
  model.node("square", "Mul", {"big", "big"});
  model.node("root", "Sqrt", {"square"});
  model.node("shrink_back", "Mul", {"root", "shrink"});
  model.node("dense_1", "MatMul", {"shrink_back", "w1"});
  model.node("relu_1", "Relu", {"dense_1"});
  model.node("dense_2", "MatMul", {"relu_1", "w2"});
  model.node("tanh", "Tanh", {"dense_2"});
  model.node("logits", "MatMul", {"tanh", "w3"}, "y");
  model.write(folder / "model.onnx");
  write_samples(folder / "samples", rng);
}

void open_batch_axis(const std::filesystem::path& model) {
  onnx::ModelProto proto;
  std::ifstream file(model, std::ios::binary);
  if (!proto.ParseFromIstream(&file)) std::abort();
  const auto open = [](onnx::ValueInfoProto& port) {
    port.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_param("N");
  };
  for (onnx::ValueInfoProto& input : *proto.mutable_graph()->mutable_input()) open(input);
  for (onnx::ValueInfoProto& output : *proto.mutable_graph()->mutable_output()) open(output);
  std::ofstream written(model, std::ios::binary);
  proto.SerializeToOstream(&written);
}

}  // namespace keel::test
