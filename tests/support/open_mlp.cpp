#include "tests/support/open_mlp.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

#include "profiler/accuracy/dataset.h"
#include "tests/support/model_writer.h"
#include "tests/support/tiny_model.h"

namespace keel::test {
namespace {

constexpr std::int64_t kFeatures = 256, kHidden = 2048, kClasses = 16;

// Of normal elements, so that what it gives is about as large as what it is given.
void add_weight(ModelWriter& model, const std::string& name, std::int64_t rows,
                std::int64_t columns, std::uint32_t seed) {
  std::mt19937 rng(seed);
  std::normal_distribution<float> element(0, std::sqrt(2.0F / static_cast<float>(rows)));
  model.constant(name, {rows, columns}, [&] { return element(rng); });
}

// `value` times a power of ten or two, twice.
std::string scaled(ModelWriter& model, const std::string& name, const std::string& value,
                   float factor) {
  model.scalar(name + "_factor", factor);
  const std::string once = model.node(name + "_once", "Mul", {value, name + "_factor"});
  return model.node(name, "Mul", {once, name + "_factor"});
}

// What is summed over the samples and added to each, of the shape that one has.
std::string coupled(ModelWriter& model, Coupling coupling) {
  switch (coupling) {
    case Coupling::None:
    case Coupling::Always:
      break;
    case Coupling::Kept:
      return scaled(model, "large", scaled(model, "small", "product3", 1e-5F), 1e4F);
    case Coupling::Lowered:
      scaled(model, "small", "product3", 0x1p-12F);
      scaled(model, "restored", "small", 0x1p12F);
      return model.node("lost", "Sub", {"restored", "product3"});
    case Coupling::MixedVariants:
      add_weight(model, "w3_again", kHidden, kClasses, 3);
      model.node("product3_again", "MatMul", {"relu2", "w3_again"});
      return model.node("difference", "Sub", {"product3", "product3_again"});
  }
  return "product3";
}

}  // namespace

void write_open_mlp(const std::filesystem::path& folder, Coupling coupling, int samples) {
  std::filesystem::create_directories(folder / "samples");
  ModelWriter model("open_mlp");
  model.input("x", {1, kFeatures});
  model.output("y", {1, kClasses});
  add_weight(model, "w1", kFeatures, kHidden, 1);
  add_weight(model, "w2", kHidden, kHidden, 2);
  add_weight(model, "w3", kHidden, kClasses, 3);
  model.node("product1", "MatMul", {"x", "w1"});
  model.node("relu1", "Relu", {"product1"});
  model.node("product2", "MatMul", {"relu1", "w2"});
  model.node("relu2", "Relu", {"product2"});
  model.node("product3", "MatMul", {"relu2", "w3"}, coupling == Coupling::None ? "y" : "");
  if (coupling != Coupling::None) {
    model.integers("first", {0});
    model.node("sum", "ReduceSum", {coupled(model, coupling), "first"});
    model.node("y", "Add", {"product3", "sum"});
  }
  model.write(folder / "model.onnx");
  open_batch_axis(folder / "model.onnx");

  std::mt19937 rng(4);
  std::normal_distribution<float> element;
  for (int s = 0; s < samples; ++s) {
    Tensor values(DType::F32, {1, kFeatures});
    std::ranges::generate(values.fill<float>(), [&] { return element(rng); });
    if (!accuracy::write_npy(folder / "samples" / (sample_name(s) + ".npy"), values).ok())
      std::abort();
  }
}

}  // namespace keel::test
