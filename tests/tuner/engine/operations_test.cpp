#include "tuner/engine/operations.h"

#include <gtest/gtest.h>

#include "tests/support/graph_text.h"

namespace keel::engine {
namespace {

// All nodes of a graph as one kernel.
double operations_of(std::string_view text) {
  const ir::Graph graph = test::parse(text);
  program::Kernel kernel;
  kernel.members = graph.nodes();
  return operations(graph, kernel);
}

TEST(Operations, AreTwoAMultiplyAccumulateWithoutPadding) {
  EXPECT_EQ(operations_of("x: f16[2,64,56,56] = input\nw: f16[128,64,3,3] = constant splat(1)\n"
                          "y = Conv(x, w) strides=[2,2] pads=[1,1,1,1]\nreturn y\n"),
            2.0 * 2 * 28 * 28 * 128 * 64 * 9);
  EXPECT_EQ(operations_of("a: f16[4,8,100,60] = input\nb: f16[60,30] = input\n"
                          "y = MatMul(a, b)\nreturn y\n"),
            2.0 * 32 * 100 * 60 * 30);
  EXPECT_EQ(operations_of("a: f16[64,10] = input\nb: f16[20,64] = input\n"
                          "y = Gemm(a, b) trans_a=true trans_b=true\nreturn y\n"),
            2.0 * 10 * 20 * 64);
}

TEST(Operations, CountWhatAGroupMultipliesAndNotWhatTheCubeMerges) {
  EXPECT_EQ(operations_of("x: f16[1,32,56,56] = input\nw: f16[32,1,3,3] = constant splat(1)\n"
                          "y = Conv(x, w) group=32 pads=[1,1,1,1]\nreturn y\n"),
            2.0 * 56 * 56 * 32 * 9);
}

TEST(Operations, OfATransposedConvolutionAreThoseOfItsConvolution) {
  EXPECT_EQ(operations_of("x: f16[2,64,28,28] = input\nw: f16[64,128,2,2] = constant splat(1)\n"
                          "y = ConvTranspose(x, w) strides=[2,2]\nreturn y\n"),
            operations_of("x: f16[2,128,56,56] = input\nw: f16[64,128,2,2] = constant splat(1)\n"
                          "y = Conv(x, w) strides=[2,2]\nreturn y\n"));
}

TEST(Operations, OfARecurrenceTakeEveryWeightAtEachStep) {
  EXPECT_EQ(operations_of("x: f16[7,3,64] = input\nw: f16[1,512,64] = input\n"
                          "r: f16[1,512,128] = input\ny = LSTM(x, w, r)\nreturn y\n"),
            2.0 * 7 * 3 * (512 * 64 + 512 * 128));
}

TEST(Operations, AreOneAnElementOfResultOrOfWhatIsReduced) {
  EXPECT_EQ(operations_of("x: f16[4,100] = input\ny = Exp(x)\nz = Softmax(y)\nreturn z\n"), 800);
  EXPECT_EQ(operations_of("x: f16[4,100] = input\na: i64[1] = constant {1}\n"
                          "y = ReduceMean(x, a)\nreturn y\n"),
            400);
  EXPECT_EQ(operations_of("x: f16[1] = input\nb: f16[9] = input\ny = Add(x, b)\nreturn y\n"), 9);
}

TEST(Operations, AreNoneWhereElementsAreMovedOrCast) {
  EXPECT_EQ(operations_of("x: f16[4,100] = input\ny = Transpose(x)\nz = Cast(y) to=f32\n"
                          "return z\n"),
            0);
}

}  // namespace
}  // namespace keel::engine
