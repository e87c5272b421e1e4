#include "compiler/passes/pipeline.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

/// The graph after constant folding, or the error, of a Pad of opset 18 with axes.
std::string folded(const Ints& pads, const Ints& axes) {
  ModelBuilder model(18);
  model.input("x", {2, 3, 4}).ints("pads", pads).ints("axes", axes).floats("value", {7});
  model.node("Pad", {"x", "pads", "value", "axes"}, {"y"}).output("y");
  Result<Model> loaded = load_built(model);
  if (!loaded.ok()) return loaded.error().what;
  const Status status = passes::run(passes::prepare_pipeline(), loaded->graph, {});
  return status.ok() ? ir::print(loaded->graph) : status.error().what;
}

TEST(PadAxes, BecomePadsOfEveryAxis) {
  const std::string text = folded({1, 2, 3, 4}, {-1, 0});
  EXPECT_NE(text.find("= constant {2, 0, 1, 4, 0, 3}\n"), std::string::npos) << text;
  EXPECT_NE(text.find("y: f32[8,3,8] = Pad("), std::string::npos) << text;
  EXPECT_EQ(text.find("Scatter"), std::string::npos) << text;
}

TEST(PadAxes, ThatXDoesNotHaveAreErrors) {
  EXPECT_EQ(folded({1, 2}, {3}), "index 3 is outside [-3, 3) of axis 0");
  EXPECT_EQ(folded({1, 2, 3}, {0}),
            "cannot reshape [3] to [2,-1]: the element counts do not divide");
}

}  // namespace
}  // namespace keel::onnx_io
