#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

OwnedCall dot(std::vector<float> a, std::vector<float> b) {
  const auto n = static_cast<std::int64_t>(a.size());
  return {ir::MatMul{}, {f32({1, n}, std::move(a)), f32({n, 1}, std::move(b))}};
}

OwnedCall sum(float a, float b) {
  return {ir::Binary{ir::BinaryKind::Add}, {f32({1}, {a}), f32({1}, {b})}};
}

OwnedCall scalar_conv(float x, float w, std::optional<float> bias = {}) {
  std::vector<std::optional<Tensor>> inputs{f32({1, 1, 1, 1}, {x}), f32({1, 1, 1, 1}, {w})};
  if (bias) inputs.push_back(f32({1}, {*bias}));
  return {ir::Conv{}, std::move(inputs)};
}

// 1 + 2^-11 lies halfway between 1 and the next fp16 number.
TEST(HostNumerics, RoundsCubeOperandsToFp16) {
  EXPECT_TRUE(has(floats_of(dot({0x1.002p0f}, {2048})), {2049}));
  EXPECT_TRUE(has(floats_of(dot({0x1.002p0f}, {2048}).computing_in(FloatFormat::F16)), {2048}));
  EXPECT_TRUE(has(floats_of(dot({2048}, {0x1.002p0f}).computing_in(FloatFormat::F16)), {2048}));
}

TEST(HostNumerics, RoundsCubeOperandsToBf16) {
  EXPECT_TRUE(has(floats_of(dot({0x1.01p0f}, {256}).computing_in(FloatFormat::BF16)), {256}));
}

// 11 explicit mantissa bits: 1 + 2^-12 + 2^-13 becomes 1 + 2^-11.
TEST(HostNumerics, UsesHf32ForAKeptConvolution) {
  EXPECT_TRUE(has(floats_of(scalar_conv(0x1.0018p0f, 8192)), {8195}));
  EXPECT_TRUE(
      has(floats_of(scalar_conv(0x1.0018p0f, 8192).computing_in(FloatFormat::HF32)), {8196}));
}

TEST(HostNumerics, DoesNotRoundTheBias) {
  EXPECT_TRUE(has(floats_of(scalar_conv(0, 0, 0x1.00001p0f).computing_in(FloatFormat::F16)),
                  {0x1.00001p0f}));
}

// fp16 sums would stay at 2048, whose successor is 2050.
TEST(HostNumerics, AccumulatesProductsInFp32) {
  EXPECT_TRUE(
      has(floats_of(dot({2048, 1, 1}, {1, 1, 1}).computing_in(FloatFormat::F16).to(DType::F16)),
          {2050}));
}

// The sum is 1 + 2^-8 + 2^-20: above halfway for bf16, but halfway once it has been fp16.
TEST(HostNumerics, RoundsOnceAtTheExitOfACube) {
  const OwnedCall call =
      dot({1, 0x1p-8f, 0x1p-10f}, {1, 1, 0x1p-10f}).computing_in(FloatFormat::F16).to(DType::BF16);
  EXPECT_TRUE(has(floats_of(call), {0x1.02p0f}));
}

// 1 * (1/2 + 2^-12) + 2^-13 rounds up; the product alone would round to 1/2 first.
TEST(HostNumerics, RoundsAVectorOperatorOnceAtItsExit) {
  const ir::Unary op{ir::UnaryKind::HardSigmoid, 0x1.002p-1f, 0x1p-13f};
  EXPECT_TRUE(has(floats_of(OwnedCall(op, {f32({1}, {1})}).to(DType::F16)), {0x1.004p-1f}));
}

TEST(HostNumerics, DoesNotRoundTheInputsOfAVectorOperator) {
  EXPECT_TRUE(has(floats_of(sum(0x1.002p0f, 0).computing_in(FloatFormat::F16)), {0x1.002p0f}));
}

TEST(HostNumerics, SaturatesOn310P) {
  EXPECT_TRUE(has(floats_of(sum(60000, 60000).to(DType::F16).with(Overflow::Saturate)), {65504}));
  EXPECT_TRUE(has(floats_of(sum(-kInf, 0).to(DType::F16).with(Overflow::Saturate)), {-65504}));
  EXPECT_TRUE(has(floats_of(sum(kNaN, 0).to(DType::F16).with(Overflow::Saturate)), {0}));
}

TEST(HostNumerics, GivesInfOn910B) {
  EXPECT_TRUE(has(floats_of(sum(60000, 60000).to(DType::F16)), {kInf}));
  EXPECT_TRUE(has(floats_of(sum(-kInf, 0).to(DType::F16)), {-kInf}));
  EXPECT_TRUE(has(floats_of(sum(kNaN, 0).to(DType::F16)), {kNaN}));
}

TEST(HostNumerics, SaturatesCubeOperandsOn310P) {
  const auto call = [](Overflow overflow) {
    return dot({1e6f}, {0.5f}).computing_in(FloatFormat::F16).with(overflow);
  };
  EXPECT_TRUE(has(floats_of(call(Overflow::Saturate)), {32752}));
  EXPECT_TRUE(has(floats_of(call(Overflow::InfNan)), {kInf}));
}

TEST(HostNumerics, DoesNotSaturateFp32) {
  EXPECT_TRUE(has(floats_of(sum(3e38f, 3e38f).with(Overflow::Saturate)), {kInf}));
}

TEST(HostNumerics, RoundsACastAndLeavesItsInputAlone) {
  const OwnedCall call(ir::Cast{DType::F16}, {f32({2}, {0x1.002p0f, 70000})});
  EXPECT_TRUE(has(floats_of(call), {1, kInf}));
  EXPECT_EQ(call.inputs[0]->as<float>()[0], 0x1.002p0f);
}

TEST(HostNumerics, LabelsResultsWithTheDtypeAskedFor) {
  EXPECT_EQ(result_of(sum(1, 2).to(DType::BF16)).dtype(), DType::BF16);
  EXPECT_EQ(result_of(OwnedCall(ir::Cast{DType::F16}, {f32({1}, {1})})).dtype(), DType::F16);
  EXPECT_EQ(result_of(OwnedCall(ir::Identity{}, {f32({1}, {1})})).dtype(), DType::F32);
}

TEST(HostNumerics, ReportsAnOperatorWithoutAKernel) {
  const OwnedCall call(ir::MatMul{}, {booleans({1, 2}, {1, 0}), booleans({2, 1}, {1, 1})});
  const Result<Tensors> result = call.run();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(to_text(result.error()),
            "error: no host kernel computes bool[1,1] = MatMul(bool[1,2], bool[2,1])\n"
            "  fix: cast the operands to a dtype the operator has in ONNX");
}

}  // namespace
}  // namespace keel::kernels
