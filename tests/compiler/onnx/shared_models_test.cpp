#include <gtest/gtest.h>

#include <filesystem>

#include "compiler/base/error_text.h"
#include "compiler/onnx/load.h"
#include "compiler/passes/pipeline.h"
#include "tests/places/places.h"

namespace keel::onnx_io {
namespace {

struct SharedModel {
  const char* name;
  const char* input_shape;
  std::size_t nodes;
  const char* output;
};

class SharedModels : public testing::TestWithParam<SharedModel> {};

TEST_P(SharedModels, LoadsAndInfers) {
  const std::filesystem::path path =
      keel::test::shared_folder() / "models" / GetParam().name / "model.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path << "; set KEEL_SHARED";
  const Result<InputShapes> shapes = parse_input_shapes(GetParam().input_shape);
  ASSERT_TRUE(shapes.ok());
  Result<Model> model = load(path, {*shapes, {}});
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  EXPECT_EQ(model->graph.origins().size(), GetParam().nodes);
  // Shapes that are computed from shapes need folding.
  const Status inferred = passes::run(passes::prepare_pipeline().first(1), model->graph, {});
  ASSERT_TRUE(inferred.ok()) << to_text(inferred.error());
  EXPECT_EQ(to_text(model->graph[model->graph.outputs()[0]].type), GetParam().output);
}

INSTANTIATE_TEST_SUITE_P(
    Models, SharedModels,
    testing::Values(SharedModel{"mnist", "", 12, "f32[1,10]"},
                    SharedModel{"resnet8_cifar10", "", 26, "f32[1,10]"},
                    SharedModel{"kwt1_speech", "", 798, "f32[1,12]"},
                    SharedModel{"dnsmos_p835", "input_1:1,144160", 48, "f32[1,3]"},
                    SharedModel{"magika_v3_3", "bytes:1,2048", 95, "f32[1,214]"},
                    SharedModel{"ppocr_en_rec", "x:1,3,32,200", 676, "f32[1,50,97]"},
                    SharedModel{"silero_vad", "", 37, "f32[1,1]"},
                    SharedModel{"ultraface_rfb320", "", 242, "f32[1,4420,2]"}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace keel::onnx_io
