#include <gtest/gtest.h>

#include "tests/compiler/onnx/model_builder.h"

// Forms before opset 7.

namespace keel::onnx_io {
namespace {

ModelBuilder added(const Ints& operand, std::int64_t axis) {
  ModelBuilder model(6);
  model.input("a", {2, 3, 4}).input("b", operand).node("Add", {"a", "b"}, {"y"}).output("y");
  model.set("broadcast", std::int64_t{1}).set("axis", axis);
  return model;
}

TEST(LegacyForms, AnOperandStartsAtItsAxis) {
  const std::string text = imported(added({3}, 1));
  EXPECT_NE(text.find("n_y/broadcast_axes: i64[1] = constant {1}\ny/partial_1 = Unsqueeze(b, "
                      "n_y/broadcast_axes)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("y = Add(a, y/partial_1)"), std::string::npos) << text;
}

TEST(LegacyForms, AnOperandThatEndsWithTheOtherStaysAsItIs) {
  EXPECT_NE(imported(added({4}, 2)).find("y = Add(a, b)"), std::string::npos);
  EXPECT_NE(imported(added({4}, -1)).find("y = Add(a, b)"), std::string::npos);
}

TEST(LegacyForms, AnAxisThatLeavesNoRoomIsAnError) {
  EXPECT_EQ(
      imported(added({3, 4}, 2)),
      "attribute 'axis' is 2, [3,4] does not fit in [2,3,4] there @ m.onnx: node 'n_y' (Add)");
}

TEST(LegacyForms, ASlopeOfOneAxisIsThatOfTheChannels) {
  ModelBuilder model(6);
  model.input("x", {1, 3, 4}).floats("s", {1, 2, 3}).node("PRelu", {"x", "s"}, {"y"}).output("y");
  EXPECT_NE(imported(model).find("y = PRelu(x, y/partial_1)"), std::string::npos)
      << imported(model);
}

TEST(LegacyForms, ACastNamesItsType) {
  ModelBuilder model(5);
  model.input("x", {1}).node("Cast", {"x"}, {"y"}).set("to", "FLOAT16").output("y");
  EXPECT_NE(imported(model).find("to=f16"), std::string::npos) << imported(model);
  ModelBuilder unknown(5);
  unknown.input("x", {1}).node("Cast", {"x"}, {"y"}).set("to", "HALF").output("y");
  EXPECT_EQ(imported(unknown),
            "attribute 'to' is 'HALF', not an element type @ m.onnx: node 'n_y' (Cast)");
}

}  // namespace
}  // namespace keel::onnx_io
