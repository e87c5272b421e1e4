#include <gtest/gtest.h>

#include "compiler/program/program.h"
#include "tests/support/graph_text.h"

namespace keel::program {
namespace {

Program lowered(std::string_view text) {
  Result<Program> program = lower(test::parse(text));
  EXPECT_TRUE(program.ok()) << (program.ok() ? "" : to_text(program.error()));
  return *std::move(program);
}

TEST(Lower, ListsWhatAKernelReadsAndWritesOnce) {
  const Program program = lowered(
      "x: f32[2,2] = input\n"
      "w: f32[2,2] = constant random(1)\n"
      "a = MatMul(x, w) kernel_group=0\n"
      "b = Relu(a) kernel_group=0\n"
      "c = Mul(b, b)\n"
      "return b, c\n");
  ASSERT_EQ(program.kernels.size(), 2u);
  const auto names = [&](const std::vector<ir::ValueId>& values) {
    std::string text;
    for (const ir::ValueId id : values) text += program.graph[id].name + " ";
    return text;
  };
  EXPECT_EQ(names(program.kernels[0].reads), "x w ");
  EXPECT_EQ(names(program.kernels[0].writes), "b ");
  EXPECT_EQ(names(program.kernels[1].reads), "b ");
}

TEST(Lower, TellsTheClassesApart) {
  const Program program = lowered(
      "x: f32[1,4,6,6] = input\n"
      "w: f32[4,1,3,3] = constant random(1)\n"
      "v: f32[4,4,3,3] = constant random(2)\n"
      "s: i64[2] = constant {4, 4}\n"
      "a = Conv(x, w) group=4\n"
      "b = Conv(x, v)\n"
      "c = Transpose(b) perm=[0,2,3,1]\n"
      "d = Exp(c)\n"
      "e = GlobalAveragePool(a)\n"
      "f = Flatten(e)\n"
      "g = Cast(f) to=f16\n"
      "return d, g\n");
  std::string classes;
  for (const Kernel& kernel : program.kernels)
    classes += kernel.name + ":" + std::string(name(kernel.kind)) + " ";
  EXPECT_EQ(classes, "a:depthwise b:cube c:layout d:vector e:vector f:none g:cast ");
}

TEST(Lower, RefusesAGroupThatAValueLeavesAndReenters) {
  const Result<Program> program =
      lower(test::parse("x: f32[2] = input\n"
                        "a = Exp(x) kernel_group=0\n"
                        "b = Log(a)\n"
                        "c = Add(a, b) kernel_group=0\n"
                        "return c\n"));
  ASSERT_FALSE(program.ok());
  EXPECT_EQ(program.error().what,
            "kernels wait for each other: a value leaves a group of nodes and comes back");
}

TEST(Lower, GivesEqualKernelsAtDifferentPlacesEqualDigests) {
  const Program program = lowered(
      "x: f32[2] = input\n"
      "a = Exp(x)\n"
      "b = Exp(a)\n"
      "c = Exp(b)\n"
      "d: f16[2] = Exp(c)\n"
      "return d, b\n");
  EXPECT_EQ(program.kernels[0].digest, program.kernels[2].digest);
  EXPECT_NE(program.kernels[0].digest, program.kernels[3].digest);
}

}  // namespace
}  // namespace keel::program
