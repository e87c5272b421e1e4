#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

TEST(ParseInputShapes, ReadsNamesWithColons) {
  const Result<InputShapes> shapes = parse_input_shapes("x:0:1,3;y:7");
  ASSERT_TRUE(shapes.ok());
  EXPECT_EQ(*shapes, (InputShapes{{"x:0", {1, 3}}, {"y", {7}}}));
  EXPECT_TRUE(parse_input_shapes("")->empty());
}

std::string parse_error(std::string_view text) {
  const Result<InputShapes> shapes = parse_input_shapes(text);
  if (shapes.ok()) return "no error";
  EXPECT_EQ(shapes.error().code, ErrorCode::InvalidConfig);
  return shapes.error().what;
}

TEST(ParseInputShapes, ReportsWhatIsMalformed) {
  EXPECT_EQ(parse_error("x"), "'x' is not of the form name:1,2,3");
  EXPECT_EQ(parse_error(":1"), "':1' is not of the form name:1,2,3");
  EXPECT_EQ(parse_error("x:"), "extent '' is not a positive number");
  EXPECT_EQ(parse_error("x:1,,2"), "extent '' is not a positive number");
  EXPECT_EQ(parse_error("x:1,-1"), "extent '-1' is not a positive number");
  EXPECT_EQ(parse_error("x:0"), "extent '0' is not a positive number");
  EXPECT_EQ(parse_error("x:1;x:2"), "input 'x' is given twice");
  EXPECT_EQ(parse_error("x:4294967296,4294967296"),
            "shape [4294967296,4294967296] has more than 1099511627776 elements");
}

ModelBuilder dynamic() {
  ModelBuilder model;
  model.input("image", {-1, 3, -1}).input("mask", {-1}).input("scale", {1});
  model.node("Relu", {"image"}, {"y"}).output("y");
  return model;
}

TEST(InputShapes, DynamicExtentsComeWithTheFlagToAdd) {
  const Result<Model> model = load_built(dynamic());
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(to_text(model.error()),
            "error: 2 inputs have dynamic extents: image [N,3,N], mask [N]\n"
            "   at: m.onnx\n"
            "  fix: add --input_shape \"image:1,3,1;mask:1\", with the extents you deploy in "
            "place of each 1");
}

TEST(InputShapes, TheFlagToAddKeepsWhatWasGiven) {
  const Result<Model> model = load_built(dynamic(), {.shapes = {{"mask", {9}}}});
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().what, "1 input has dynamic extents: image [N,3,N]");
  EXPECT_EQ(model.error().fix,
            "add --input_shape \"image:1,3,1;mask:9\", with the extents you deploy in place of "
            "each 1");
}

TEST(InputShapes, GivenExtentsAreUsed) {
  const Result<Model> model =
      load_built(dynamic(), {.shapes = {{"mask", {9}}, {"image", {2, 3, 8}}}});
  ASSERT_TRUE(model.ok()) << model.error().what;
  const ir::Graph& graph = model->graph;
  EXPECT_EQ(to_text(graph[graph.inputs()[0]].type), "f32[2,3,8]");
  EXPECT_EQ(to_text(graph[graph.inputs()[1]].type), "f32[9]");
  EXPECT_EQ(to_text(graph[graph.inputs()[2]].type), "f32[1]");
}

void expect_flag_error(const InputShapes& shapes, const std::string& what, const std::string& fix) {
  const Result<Model> model = load_built(dynamic(), {.shapes = shapes});
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(model.error().what, what);
  EXPECT_EQ(model.error().where, "--input_shape");
  EXPECT_EQ(model.error().fix, fix);
}

TEST(InputShapes, ContradictionsAreReported) {
  expect_flag_error({{"imag", {1}}}, "'imag' is no input of the model",
                    "use 'image' (nearest name)");
  expect_flag_error({{"qqqqqq", {1}}}, "'qqqqqq' is no input of the model",
                    "name one of 'image', 'mask', 'scale'");
  expect_flag_error({{"image", {1, 3}}}, "input 'image' is [N,3,N] in the model, [1,3] has rank 2",
                    "give extents that agree with the model");
  expect_flag_error({{"image", {1, 4, 1}}},
                    "input 'image' is [N,3,N] in the model, [1,4,1] has extent 4 at axis 1",
                    "give extents that agree with the model");
}

TEST(DeclaredInputs, SayWhichShapesTheyTake) {
  ModelBuilder model = dynamic();
  model.input("constant", {-1}).floats("constant", {1});
  const TemporaryFolder folder;
  std::ofstream(folder / "m.onnx", std::ios::binary) << model.bytes();
  const Result<std::vector<DeclaredInput>> inputs = declared_inputs(folder / "m.onnx");
  ASSERT_TRUE(inputs.ok());
  ASSERT_EQ(inputs->size(), 3u);
  const DeclaredInput& image = (*inputs)[0];
  EXPECT_EQ(image.text, "[N,3,N]");
  EXPECT_TRUE(image.is_dynamic());
  EXPECT_TRUE(image.takes({7, 3, 9}));
  EXPECT_FALSE(image.takes({7, 4, 9}));
  EXPECT_FALSE(image.takes({7, 3}));
  EXPECT_FALSE((*inputs)[2].is_dynamic());
}

TEST(InputShapes, BrokenDeclarationsAreReported) {
  ModelBuilder negative;
  negative.input("x", {-5}).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(negative), "extent -5 is negative @ m.onnx: input 'x'");
  ModelBuilder strings;
  strings.input("x", {5}, ::onnx::TensorProto::STRING).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(strings), "element type STRING is not supported @ m.onnx: input 'x'");
  ModelBuilder huge;
  huge.input("x", {1 << 30, 1 << 30}).node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_EQ(imported(huge),
            "shape [1073741824,1073741824] has more than 1099511627776 elements @ m.onnx: input "
            "'x'");
  ModelBuilder sequence;
  sequence.input("x", {1}).node("Relu", {"x"}, {"y"}).output("y");
  sequence.graph().mutable_input(0)->mutable_type()->mutable_sequence_type();
  EXPECT_EQ(imported(sequence), "the input is not a tensor @ m.onnx: input 'x'");
}

TEST(InputShapes, MinusOneAndAMissingShapeAreDynamic) {
  ModelBuilder model;
  model.input("x", {4}).input("z", {4}).node("Add", {"x", "z"}, {"y"}).output("y");
  model.graph()
      .mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_value(-1);
  model.graph().mutable_input(1)->mutable_type()->mutable_tensor_type()->clear_shape();
  EXPECT_EQ(imported(model), "2 inputs have dynamic extents: x [?], z of unknown rank @ m.onnx");
  EXPECT_TRUE(load_built(model, {.shapes = {{"x", {2}}, {"z", {1, 2}}}}).ok());
}

}  // namespace
}  // namespace keel::onnx_io
