#include "tests/support/detector_model.h"

#include <cstdlib>

#include "compiler/base/random.h"
#include "profiler/accuracy/dataset.h"
#include "tests/support/model_writer.h"

namespace keel::test {
namespace {

constexpr std::int64_t kSide = 8;
constexpr std::int64_t kBoxes = kSide * kSide;

// Corners of squares of twice the grid's step: neighbours overlap.
void add_grid(ModelWriter& model) {
  std::int64_t at = 0;
  model.constant("grid", {1, kBoxes, 4}, [&] {
    const std::int64_t box = at / 4;
    const std::int64_t corner = at++ % 4;
    const std::int64_t along = corner % 2 == 0 ? box / kSide : box % kSide;
    return static_cast<float>(along + (corner < 2 ? 0 : 2));
  });
}

}  // namespace

void write_detector_model(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "samples");
  Rng rng(1);
  const auto weight = [&](double scale) {
    return [&rng, scale] { return static_cast<float>((2 * rng.uniform() - 1) * scale); };
  };
  ModelWriter model("detector");
  model.input("image", {1, 3, 32, 32});
  model.constant("w1", {16, 3, 4, 4}, weight(0.5));
  model.constant("w2", {5, 16, 1, 1}, weight(0.8));
  model.constant("b2", {5}, weight(0.1));
  add_grid(model);
  model.integers("flat", {1, 5, kBoxes});
  model.integers("zero", {0});
  model.integers("two", {2});
  model.integers("three", {3});
  model.integers("four", {4});
  model.integers("five", {5});
  model.integers("one", {1});
  model.integers("most", {kBoxes});
  model.integers("box_rows", {kBoxes, 4});
  model.scalar("step", 0.3F);
  model.scalar("iou", 0.4F);
  model.scalar("least", 0.85F);
  model.scalar("pixels", 4);

  model.node("conv1", "Conv", {"image", "w1"});
  model.set("strides", {4, 4});
  model.node("relu1", "Relu", {"conv1"});
  model.node("conv2", "Conv", {"relu1", "w2", "b2"});
  model.node("rows", "Reshape", {"conv2", "flat"});
  model.node("raw_boxes", "Slice", {"rows", "zero", "four", "one"});
  model.node("moved", "Tanh", {"raw_boxes"});
  model.node("by_box", "Transpose", {"moved"});
  model.set("perm", {0, 2, 1});
  model.node("offsets", "Mul", {"by_box", "step"});
  model.node("all_boxes", "Add", {"offsets", "grid"});
  model.node("raw_scores", "Slice", {"rows", "four", "five", "one"});
  model.node("sigmoid", "Sigmoid", {"raw_scores"}, "scores");
  model.node("select", "NonMaxSuppression", {"all_boxes", "scores", "most", "iou", "least"});
  model.node("which", "Slice", {"select", "two", "three", "one"});
  model.node("box_list", "Reshape", {"all_boxes", "box_rows"});
  model.node("selected", "GatherND", {"box_list", "which"});
  model.node("scaled", "Mul", {"selected", "pixels"}, "boxes");
  model.open_output("boxes", "n", 4);
  model.output("scores", {1, 1, kBoxes});
  model.write(folder / "model.onnx");

  for (int sample = 0; sample < 16; ++sample) {
    Tensor image(DType::F32, {1, 3, 32, 32});
    for (float& value : image.fill<float>()) value = static_cast<float>(2 * rng.uniform() - 1);
    if (!accuracy::write_npy(folder / "samples" / (sample_name(sample) + ".npy"), image).ok())
      std::abort();
  }
}

}  // namespace keel::test
