#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

ir::ConvTranspose strided(std::int64_t stride) {
  ir::ConvTranspose op;
  op.strides = {stride};
  return op;
}

TEST(ConvTranspose, SpreadsEachElementOverItsWindow) {
  const Tensor x = f32({1, 1, 3}, {1, 10, 100}), w = f32({1, 1, 3}, {1, 2, 3});
  EXPECT_TRUE(has(floats_of({strided(1), {x, w}}), {1, 12, 123, 230, 300}));
  EXPECT_TRUE(has(floats_of({strided(2), {x, w}}), {1, 2, 13, 20, 130, 200, 300}));
}

TEST(ConvTranspose, OutputPaddingAddsAtTheEndAndPadsTakeAway) {
  const Tensor x = f32({1, 1, 2}, {1, 10}), w = f32({1, 1, 3}, {1, 2, 3});
  ir::ConvTranspose op = strided(2);
  op.output_padding = {1};
  EXPECT_TRUE(has(floats_of({op, {x, w}}), {1, 2, 13, 20, 30, 0}));
  op.pads = {1, 2};
  EXPECT_TRUE(has(floats_of({op, {x, w}}), {2, 13, 20}));
}

TEST(ConvTranspose, AGivenShapeIsPaddedMoreAtItsBegin) {
  const Tensor x = f32({1, 1, 2}, {1, 10}), w = f32({1, 1, 3}, {1, 2, 3});
  ir::ConvTranspose op = strided(2);
  op.output_shape = {4};
  EXPECT_TRUE(has(floats_of({op, {x, w}}), {2, 13, 20, 30}));
  op.auto_pad = ir::AutoPad::SameUpper;
  EXPECT_TRUE(has(floats_of({op, {x, w}}), {1, 2, 13, 20}));
  op.output_shape = {8};  // beyond what x reaches there is the bias alone
  EXPECT_TRUE(has(floats_of({op, {x, w, f32({1}, {0.5f})}}),
                  {1.5f, 2.5f, 13.5f, 20.5f, 30.5f, 0.5f, 0.5f, 0.5f}));
}

TEST(ConvTranspose, RoundsWhatTheCubeMultipliesAndItsResultOnce) {
  // 1 + half a step of fp16 rounds to 1; the bias is not an operand of the cube.
  constexpr float kTie = 1 + 0x1p-11f;
  const OwnedCall call{
      strided(1), {f32({1, 1, 1}, {kTie}), f32({1, 1, 1}, {1}), f32({1}, {0x1p-11f + 0x1p-20f})}};
  EXPECT_EQ(floats_of(OwnedCall(call).computing_in(FloatFormat::F16).to(DType::F16)),
            std::vector{1 + 0x1p-10f});
  EXPECT_EQ(floats_of(OwnedCall(call).computing_in(FloatFormat::F16)),
            std::vector{1 + 0x1p-11f + 0x1p-20f});
}

TEST(ConvTranspose, OfDoublesStaysInDouble) {
  Tensor x(DType::F64, {1, 1, 1}), w(DType::F64, {1, 1, 1});
  x.fill<double>()[0] = 1 + 0x1p-40;
  w.fill<double>()[0] = 3;
  EXPECT_EQ(result_of({strided(1), {x, w}}).as<double>()[0], 3 * (1 + 0x1p-40));
}

// Of operands that are only shapes: what is refused is not run.
std::string refusal(const ir::ConvTranspose& op, const Shape& x, const Shape& w) {
  const std::vector<ir::InputFact> facts{{true, {DType::F32, x}, nullptr},
                                         {true, {DType::F32, w}, nullptr}};
  const Result<std::vector<TensorType>> types = ir::infer_types(op, facts, 1);
  return types.ok() ? to_text(types->front()) : types.error().what;
}

TEST(ConvTranspose, RefusesWhatDoesNotFit) {
  ir::ConvTranspose op;
  EXPECT_EQ(refusal(op, {1, 4, 5}, {3, 2, 3}), "the input has 4 channels, the weights take 3");
  op.group = 3;
  EXPECT_EQ(refusal(op, {1, 4, 5}, {4, 2, 3}), "group 3 does not divide 4 input channels");
  op.group = 0;
  EXPECT_EQ(refusal(op, {1, 4, 5}, {4, 2, 3}), "group 0 does not divide 4 input channels");
  op = {};
  op.pads = {9, 9};
  EXPECT_EQ(refusal(op, {1, 4, 5}, {4, 2, 3}),
            "the padding 18 is beyond the extent 7 of spatial axis 0");
  op = {};
  op.strides = {std::int64_t{1} << 40};
  EXPECT_EQ(refusal(op, {1, 4, 5}, {4, 2, 3}),
            "strides has the value 1099511627776, outside [1, 2147483648]");
  op.strides = {std::int64_t{1} << 31};
  op.dilations = {std::int64_t{1} << 31};
  EXPECT_EQ(refusal(op, {1, 1, 1000000}, {1, 1, 1000000}),
            "shape [1,1,4294963001032705] has more than 1099511627776 elements");
  EXPECT_EQ(refusal(ir::ConvTranspose{}, {1, 4}, {4, 2}),
            "input 0 [1,4] has no spatial axes after batch and channel");
}

TEST(ConvTranspose, OfNoElementsGivesItsBias) {
  const OwnedCall call{
      strided(1), {Tensor(DType::F32, {1, 0, 2}), Tensor(DType::F32, {0, 1, 2}), f32({1}, {3})}};
  EXPECT_TRUE(has(floats_of(call), {3, 3, 3}));
}

}  // namespace
}  // namespace keel::kernels
