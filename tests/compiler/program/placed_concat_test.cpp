#include <gtest/gtest.h>

#include "compiler/program/program.h"
#include "tests/support/graph_text.h"

namespace keel::program {
namespace {

// The class of the kernel of node "y".
std::string class_of_y(std::string_view text) {
  const Result<Program> program = lower(test::parse(text));
  EXPECT_TRUE(program.ok());
  for (const Kernel& kernel : program->kernels)
    if (kernel.name == "y") return std::string(name(kernel.kind));
  return "no kernel";
}

TEST(PlacedConcat, LaunchesNothingWhereThePartsOfOneSampleLieInARow) {
  EXPECT_EQ(class_of_y("x: f16[1,16,4,4] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "y = Concat(a, b) axis=1\n"
                       "z = Relu(y)\n"
                       "return z\n"),
            "none");
  EXPECT_EQ(class_of_y("x: f16[4,8] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "y = Concat(a, b) axis=0\n"
                       "z = Relu(y)\n"
                       "return z\n"),
            "none");
}

TEST(PlacedConcat, MovesPartsOfSeveralSamplesThatNoConvolutionMakes) {
  EXPECT_EQ(class_of_y("x: f16[2,16,4,4] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "y = Concat(a, b) axis=1\n"
                       "z = Relu(y)\n"
                       "return z\n"),
            "layout");
}

std::string convolutions(std::string_view channels, std::string_view more = "") {
  return "x: f16[2,16,4,4] = input\n"
         "v: f16[16,16,1,1] = constant random(1)\n"
         "w: f16[" +
         std::string(channels) +
         ",16,1,1] = constant random(2)\n"
         "a = Conv(x, v) kernel_group=0\n"
         "r = Relu(a) kernel_group=0\n"
         "b = Conv(x, w)\n"
         "y = Concat(r, b) axis=1\n"
         "z = Relu(y)\n" +
         std::string(more);
}

TEST(PlacedConcat, LetsConvolutionsWriteWhereTheirChannelsFillBlocks) {
  EXPECT_EQ(class_of_y(convolutions("32", "return z\n")), "none");
  EXPECT_EQ(class_of_y(convolutions("24", "return z\n")), "layout");
}

TEST(PlacedConcat, MovesAPartThatIsReadInItsOwnPlaceToo) {
  EXPECT_EQ(class_of_y(convolutions("32", "u = Exp(b)\nreturn z, u\n")), "layout");
  EXPECT_EQ(class_of_y(convolutions("32", "return z, b\n")), "layout");
}

TEST(PlacedConcat, MovesWhatNoKernelWritesAnew) {
  constexpr std::string_view head = "x: f16[1,16,4,4] = input\nb = Neg(x)\n";
  const auto with = [&](std::string_view rest) { return std::string(head) + std::string(rest); };
  EXPECT_EQ(class_of_y(with("y = Concat(x, b) axis=1\nz = Relu(y)\nreturn z\n")), "layout");
  EXPECT_EQ(class_of_y(with("y = Concat(b, b) axis=1\nz = Relu(y)\nreturn z\n")), "layout");
  EXPECT_EQ(class_of_y(with("a = Exp(x)\nc = Concat(b, a) axis=1\ny = Concat(a, b) axis=1\n"
                            "z = Relu(y)\nreturn z, c\n")),
            "layout");
}

TEST(PlacedConcat, MovesForAnotherConcatAndForTheCaller) {
  EXPECT_EQ(class_of_y("x: f16[1,16,4,4] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "y = Concat(a, b) axis=1\n"
                       "return y\n"),
            "layout");
  EXPECT_EQ(class_of_y("x: f16[1,16,4,4] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "c = Sin(x)\n"
                       "y = Concat(a, b) axis=1\n"
                       "d = Concat(y, c) axis=1\n"
                       "z = Relu(d)\n"
                       "return z\n"),
            "layout");
}

TEST(PlacedConcat, MovesPartsThatAreNotAlignedOrLieAcrossChannels) {
  EXPECT_EQ(class_of_y("x: f16[1,3] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "y = Concat(a, b) axis=0\n"
                       "z = Relu(y)\n"
                       "return z\n"),
            "layout");
  EXPECT_EQ(class_of_y("x: f16[1,1,16,16] = input\n"
                       "a = Exp(x)\n"
                       "b = Neg(x)\n"
                       "y = Concat(a, b) axis=2\n"
                       "z = Relu(y)\n"
                       "return z\n"),
            "layout");
}

}  // namespace
}  // namespace keel::program
