#include <gtest/gtest.h>

#include "tests/compiler/passes/every_variant.h"

namespace keel::passes {
namespace {

enum class Cores { Unified, Split };

// The kernels of a text with every unit lowered, each as "name:class".
std::string kernels(std::string_view text, Cores cores = Cores::Unified) {
  ir::Graph graph = test::parse(text);
  EXPECT_TRUE(run(prepare_pipeline(), graph, {}).ok());
  const std::vector<ascend::Precision> of_unit(count_units(graph), kLowered);
  ConstantCasts casts;
  Context context;
  context.of_unit = of_unit;
  context.constant_casts = &casts;
  context.unified_cores = cores == Cores::Unified;
  EXPECT_TRUE(run(variant_pipeline(), graph, context).ok());
  const Result<program::Program> program = program::lower(graph);
  EXPECT_TRUE(program.ok());
  std::string listed;
  for (const program::Kernel& kernel : program->kernels) {
    if (kernel.kind == program::KernelClass::Cast) continue;
    listed +=
        (listed.empty() ? "" : " ") + kernel.name + ":" + std::string(program::name(kernel.kind));
  }
  return listed;
}

constexpr std::string_view kSwish =
    "x: f32[1,16,8,8] = input\n"
    "w: f32[16,16,3,3] = constant random(1)\n"
    "c = Conv(x, w) pads=[1,1,1,1]\n"
    "s = Sigmoid(c)\n"
    "y = Mul(c, s)\n"
    "return y\n";

TEST(FuseForks, RunsSwishInTheKernelOfItsConvolution) { EXPECT_EQ(kernels(kSwish), "c+s+y:cube"); }

TEST(FuseForks, LeavesThemToTheVectorUnitWhereThatIsAnotherCore) {
  EXPECT_EQ(kernels(kSwish, Cores::Split), "c:cube s+y:vector");
}

TEST(FuseForks, RunsMishAndGeluAndHardSwishInOneKernel) {
  EXPECT_EQ(kernels("x: f32[64] = input\n"
                    "e = Exp(x)\n"
                    "p = Softplus(e)\n"
                    "t = Tanh(p)\n"
                    "y = Mul(e, t)\n"
                    "return y\n",
                    Cores::Split),
            "e+p+t+y:vector");
  EXPECT_EQ(kernels("x: f32[64,64] = input\n"
                    "w: f32[64,64] = constant random(1)\n"
                    "r: f32[] = constant {1.4142135}\n"
                    "o: f32[] = constant {1}\n"
                    "h: f32[] = constant {0.5}\n"
                    "a = MatMul(x, w)\n"
                    "d = Div(a, r)\n"
                    "e = Erf(d)\n"
                    "s = Add(e, o)\n"
                    "m = Mul(a, s)\n"
                    "y = Mul(m, h)\n"
                    "return y\n"),
            "a+d+e+s+m+y:cube");
  EXPECT_EQ(kernels("x: f32[1,16,8,8] = input\n"
                    "w: f32[16,1,3,3] = constant random(1)\n"
                    "t: f32[] = constant {3}\n"
                    "l: f32[] = constant {0}\n"
                    "u: f32[] = constant {6}\n"
                    "c = Conv(x, w) group=16\n"
                    "a = Add(c, t)\n"
                    "k = Clip(a, l, u)\n"
                    "d = Div(k, u)\n"
                    "y = Mul(c, d)\n"
                    "return y\n"),
            "c+a+k+d+y:depthwise");
}

TEST(FuseForks, StopWhereTheValueIsReadElsewhereToo) {
  EXPECT_EQ(kernels("x: f32[1,16,8,8] = input\n"
                    "w: f32[16,16,3,3] = constant random(1)\n"
                    "c = Conv(x, w)\n"
                    "s = Sigmoid(c)\n"
                    "y = Mul(c, s)\n"
                    "m = GlobalAveragePool(c)\n"
                    "return y, m\n"),
            "c:cube s+y:vector m:vector");
  EXPECT_EQ(kernels("x: f32[4] = input\n"
                    "e = Exp(x)\n"
                    "s = Sigmoid(e)\n"
                    "y = Mul(e, s)\n"
                    "return y, e\n"),
            "e:vector s+y:vector");
}

TEST(FuseForks, StopWhereTheReadersRunInDifferentKernels) {
  EXPECT_EQ(kernels("x: f32[4] = input\n"
                    "e = Exp(x)\n"
                    "l = Log(e)\n"
                    "s = Sqrt(e)\n"
                    "return l, s\n"),
            "e:vector l:vector s:vector");
}

TEST(FuseForks, StopWhereAReaderHasAnotherShape) {
  EXPECT_EQ(kernels("x: f32[4] = input\n"
                    "z: f32[3,4] = input\n"
                    "e = Exp(x)\n"
                    "s = Add(z, e)\n"
                    "y = Mul(e, s)\n"
                    "return y\n"),
            "e:vector s+y:vector");
}

// The gate depends on the convolution through a kernel outside: joined, each would wait for the
// other.
TEST(FuseForks, NeverMakeAKernelWaitForItself) {
  EXPECT_EQ(kernels("x: f32[1,16,8,8] = input\n"
                    "w: f32[16,16,3,3] = constant random(1)\n"
                    "c = Conv(x, w)\n"
                    "m = GlobalAveragePool(c)\n"
                    "g = Mul(c, m)\n"
                    "y = Add(c, g)\n"
                    "return y\n"),
            "c:cube m:vector g+y:vector");
}

TEST(FuseElementwise, RunsABatchNormalisationWithItsActivation) {
  EXPECT_EQ(kernels("x: f32[1,4,2,2] = input\n"
                    "s: f32[4] = constant random(1)\n"
                    "v: f32[4] = constant {1, 1, 1, 1}\n"
                    "n = BatchNormalization(x, s, s, s, v)\n"
                    "y = Relu(n)\n"
                    "return y\n"),
            "n+y:vector");
}

// Query and key of an attention of two heads.
std::string attention(std::string_view tokens) {
  std::string text =
      "x: f32[1,T,32] = input\n"
      "w: f32[32,32] = constant random(1)\n"
      "v: f32[32,32] = constant random(2)\n"
      "h: i64[4] = constant {1, T, 2, 16}\n"
      "a = MatMul(x, w)\n"
      "b = MatMul(x, v)\n"
      "ra = Reshape(a, h)\n"
      "rb = Reshape(b, h)\n"
      "q = Transpose(ra) perm=[0,2,1,3]\n"
      "k = Transpose(rb) perm=[0,2,3,1]\n"
      "s = MatMul(q, k)\n"
      "return s\n";
  for (std::size_t at = text.find('T'); at != std::string::npos; at = text.find('T', at + 1))
    if (text[at - 1] == ',' || text[at - 1] == ' ')
      if (text.compare(at, 4, "Tran") != 0) text.replace(at, 1, tokens);
  return text;
}

TEST(FuseTranspose, WritesTheHeadsOfAnAttentionInTheirPlace) {
  EXPECT_EQ(kernels(attention("48")), "a+ra+q:cube b+rb+k:cube s:cube");
}

TEST(FuseTranspose, LeavesThemAloneWhereTokensFillNoBlocks) {
  EXPECT_EQ(kernels(attention("49")), "a:cube b:cube ra:none rb:none q:layout k:layout s:cube");
}

TEST(FuseTranspose, LeavesThemAloneWhereTheVectorUnitIsAnotherCore) {
  EXPECT_EQ(kernels(attention("48"), Cores::Split),
            "a:cube b:cube ra:none rb:none q:layout k:layout s:cube");
}

TEST(FuseTranspose, ReadsAnOperandAsItLies) {
  constexpr std::string_view text =
      "q: f32[2,5,8] = input\n"
      "k: f32[2,5,8] = input\n"
      "t = Transpose(k) perm=[0,2,1]\n"
      "s = MatMul(q, t)\n"
      "y = Relu(s)\n"
      "return y\n";
  EXPECT_EQ(kernels(text), "t+s+y:cube");
  EXPECT_EQ(kernels(text, Cores::Split), "t:layout s+y:cube");
}

TEST(FuseTranspose, KeepsOneThatTwoReadOrThatMovesOtherAxes) {
  EXPECT_EQ(kernels("q: f32[2,5,5] = input\n"
                    "t = Transpose(q) perm=[0,2,1]\n"
                    "s = MatMul(q, t)\n"
                    "return s, t\n"),
            "t:layout s:cube");
  EXPECT_EQ(kernels("q: f32[5,2,5] = input\n"
                    "t = Transpose(q) perm=[1,0,2]\n"
                    "s = MatMul(t, t)\n"
                    "return s\n"),
            "t:layout s:cube");
}

// Any assignment computes what it computes unfused, bit for bit.
TEST(KernelFusion, ChangesNoNumber) {
  expect_fusing_changes_no_number(
      "x: f32[1,16,32] = input\n"
      "w: f32[32,32] = constant random(1)\n"
      "h: i64[4] = constant {1, 16, 2, 16}\n"
      "a = MatMul(x, w)\n"
      "g = Sigmoid(a)\n"
      "m = Mul(a, g)\n"
      "r = Reshape(m, h)\n"
      "q = Transpose(r) perm=[0,2,1,3]\n"
      "t = Transpose(q) perm=[0,1,3,2]\n"
      "s = MatMul(q, t)\n"
      "p = Softplus(s)\n"
      "y = Mul(s, p)\n"
      "return y\n",
      true);
}

}  // namespace
}  // namespace keel::passes
