#include "tuner/engine/target.h"

#include <algorithm>

#include "tests/compiler/onnx/model_builder.h"

namespace keel::engine {
namespace {

// The notes on a model of one Relu.
std::vector<std::string> notes_on(std::int64_t opset) {
  onnx_io::ModelBuilder model(opset);
  model.input("x", {2, 3}).node("Relu", {"x"}, {"y"}).output("y");
  const onnx_io::TemporaryFolder folder;
  ModelOptions options;
  options.model = folder / "m.onnx";
  std::ofstream(options.model, std::ios::binary) << model.bytes();
  const Result<Target> target = open_target(options, std::nullopt);
  EXPECT_TRUE(target.ok());
  return target.ok() ? target->notes : std::vector<std::string>{};
}

TEST(Target, NotesAnOpsetThatTheVendorDoesNotParse) {
  EXPECT_EQ(notes_on(18), std::vector<std::string>{});
  for (const std::int64_t opset : {19, 20, 21, 22})
    EXPECT_EQ(notes_on(opset), std::vector{"note: the model is of opset " + std::to_string(opset) +
                                           "; the vendor's parser stops at 18"});
}

}  // namespace
}  // namespace keel::engine
