#include "tests/support/tiny_model.h"

#include <cmath>
#include <fstream>

#include "compiler/base/random.h"
#include "profiler/accuracy/dataset.h"
#include "tests/support/model_writer.h"

namespace keel::test {
namespace {

constexpr int kWidth = 32;
constexpr int kClasses = 4;

void write_samples(const std::filesystem::path& folder, int samples, Rng& rng) {
  std::string labels = "[";
  for (int s = 0; s < samples; ++s) {
    Tensor x(DType::F32, {1, kWidth});
    const double loudness = std::pow(10.0, -4.0 + 4.0 * s / (samples - 1));
    for (float& element : x.fill<float>())
      element = static_cast<float>((2 * rng.uniform() - 1) * loudness);
    if (!accuracy::write_npy(folder / (sample_name(s) + ".npy"), x).ok()) std::abort();
    labels += (s ? ", " : "") + std::to_string(s % kClasses);
  }
  std::ofstream(folder / "labels.json") << labels << "]\n";
}

}  // namespace

void write_tiny_model(const std::filesystem::path& folder, int hidden, int samples) {
  std::filesystem::create_directories(folder / "samples");
  Rng rng(11);
  const auto weight = [&] { return static_cast<float>((2 * rng.uniform() - 1) * 0.04); };

  ModelWriter model("tiny");
  model.input("x", {1, kWidth});
  model.output("y", {1, kClasses});
  model.scalar("floor_value", 1e-9f);
  model.scalar("gain", 100.0f);
  model.scalar("shrink", 0.002f);
  model.constant("w0", {kWidth, hidden}, weight);
  model.constant("b0", {hidden}, weight);
  model.constant("w1", {hidden, hidden}, weight);
  model.constant("w2", {hidden, hidden}, weight);
  model.constant("w3", {hidden, kClasses}, weight);
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
  write_samples(folder / "samples", samples, rng);
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
