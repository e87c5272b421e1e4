#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

std::string parse_error(std::string_view text) {
  const Result<InputValues> values = parse_input_values(text);
  return values.ok() ? "no error" : to_text(values.error());
}

TEST(InputValues, AreParsed) {
  const Result<InputValues> values = parse_input_values("sr:16000;a:b:-0.5");
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(*values, (InputValues{{"sr", 16000}, {"a:b", -0.5}}));
  EXPECT_TRUE(parse_input_values("")->empty());
}

TEST(InputValues, MalformedOnesAreErrors) {
  const std::string form =
      "\n   at: --input_value\n  fix: write it as --input_value \"sr:16000;training:0\"";
  EXPECT_EQ(parse_error("sr"), "error: 'sr' is not of the form name:number" + form);
  EXPECT_EQ(parse_error("sr:fast"), "error: value 'fast' is not a finite number" + form);
  EXPECT_EQ(parse_error("sr:inf"), "error: value 'inf' is not a finite number" + form);
  EXPECT_EQ(parse_error("sr:1;sr:2"),
            "error: input 'sr' is given twice\n   at: --input_value\n  fix: give each input once");
}

ModelBuilder scaled() {
  ModelBuilder model;
  model.input("x", {2}).input("n", {1}, ::onnx::TensorProto::INT64);
  model.node("Cast", {"n"}, {"f"}).set("to", std::int64_t{1}).node("Mul", {"x", "f"}, {"y"});
  model.output("y");
  return model;
}

TEST(InputValues, MakeTheInputAConstant) {
  const Result<Model> model = load_built(scaled(), {.values = {{"n", 7}}});
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  EXPECT_EQ(model->graph.inputs().size(), 1u);
  EXPECT_NE(ir::print(model->graph).find("n: i64[1] = constant {7}"), std::string::npos)
      << ir::print(model->graph);
}

TEST(InputValues, OfTheWrongKindAreErrors) {
  EXPECT_EQ(imported(scaled(), {.values = {{"n", 0.5}}}),
            "input 'n' is i64[1], which does not hold the value given @ --input_value");
  EXPECT_EQ(imported(scaled(), {.values = {{"m", 1}}}),
            "'m' is no input of the model @ --input_value");
}

}  // namespace
}  // namespace keel::onnx_io
