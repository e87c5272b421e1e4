#include <cmath>
#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

using ir::BinaryKind;
using ir::PoolKind;
using ir::UnaryKind;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::vector<float> unary(UnaryKind kind, std::vector<float> x) {
  const auto count = static_cast<std::int64_t>(x.size());
  return floats_of({ir::Unary{kind}, {f32({count}, std::move(x))}});
}

std::vector<float> binary(BinaryKind kind, std::vector<float> a, std::vector<float> b) {
  const auto count = static_cast<std::int64_t>(a.size());
  return floats_of({ir::Binary{kind}, {f32({count}, std::move(a)), f32({count}, std::move(b))}});
}

ir::Pool windows(PoolKind kind, ir::Ints kernel, ir::Ints strides) {
  ir::Pool op;
  op.kind = kind;
  op.kernel = std::move(kernel);
  op.strides = std::move(strides);
  return op;
}

std::vector<float> pool(ir::Pool op, std::vector<float> x) {
  const auto count = static_cast<std::int64_t>(x.size());
  return floats_of({std::move(op), {f32({1, 1, count}, std::move(x))}});
}

TEST(SpecialValues, ReluKeepsNaN) {
  EXPECT_TRUE(has(unary(UnaryKind::Relu, {kNaN, -kInf, kInf, -1}), {kNaN, 0, kInf, 0}));
}

TEST(SpecialValues, RoundGoesToEven) {
  EXPECT_TRUE(has(unary(UnaryKind::Round, {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, kInf, 8388609}),
                  {0, 2, 2, 0, -2, kInf, 8388609}));
}

TEST(SpecialValues, SignOfNaNIsNaN) {
  EXPECT_TRUE(has(unary(UnaryKind::Sign, {kNaN, -3, 0, kInf}), {kNaN, -1, 0, 1}));
}

TEST(SpecialValues, HardSwishOfNaNIsNaN) {
  EXPECT_TRUE(has(unary(UnaryKind::HardSwish, {kNaN, -4, 3}), {kNaN, 0, 3}));
}

TEST(SpecialValues, SoftplusDoesNotOverflow) {
  EXPECT_TRUE(
      has(unary(UnaryKind::Softplus, {200, -200, kInf, -kInf, kNaN}), {200, 0, kInf, 0, kNaN}));
}

TEST(SpecialValues, MaxAndMinPropagateNaNFromEitherSide) {
  for (const BinaryKind kind : {BinaryKind::Max, BinaryKind::Min})
    EXPECT_TRUE(has(binary(kind, {kNaN, 1, kNaN}, {1, kNaN, kNaN}), {kNaN, kNaN, kNaN}));
}

TEST(SpecialValues, ComparisonsWithNaNAreFalse) {
  const Tensor equal =
      result_of({ir::Binary{BinaryKind::Equal}, {f32({2}, {kNaN, kInf}), f32({2}, {kNaN, kInf})}});
  EXPECT_TRUE(has(equal.as<std::uint8_t>(), {0, 1}));
}

TEST(SpecialValues, PowerHalfIsThatOfStd) {
  const OwnedCall call(ir::Binary{BinaryKind::Pow},
                       {f32({5}, {-kInf, -1, -0.0f, 2.25f, kNaN}), f32({}, {0.5f})});
  const std::vector<float> y = floats_of(call);
  EXPECT_TRUE(has(y, {kInf, kNaN, 0, 1.5f, kNaN}));
  EXPECT_FALSE(std::signbit(y[2]));
}

TEST(SpecialValues, ClipKeepsNaNAndMayLackABound) {
  const auto clip = [](std::optional<Tensor> low, std::optional<Tensor> high) {
    return floats_of({ir::Clip{}, {f32({4}, {kNaN, -kInf, 5, kInf}), low, high}});
  };
  EXPECT_TRUE(has(clip(f32({}, {0}), f32({}, {6})), {kNaN, 0, 5, 6}));
  EXPECT_TRUE(has(clip({}, f32({}, {6})), {kNaN, -kInf, 5, 6}));
  EXPECT_TRUE(has(clip(f32({}, {0}), {}), {kNaN, 0, 5, kInf}));
}

TEST(SpecialValues, MaxPoolPropagatesNaN) {
  EXPECT_TRUE(has(pool(windows(PoolKind::MaxPool, {2}, {2}), {1, kNaN, 3, 2}), {kNaN, 3}));
}

TEST(SpecialValues, MaxPoolOfNegativeInfinityIsNegativeInfinity) {
  EXPECT_TRUE(has(pool(windows(PoolKind::MaxPool, {2}, {2}), {-kInf, -kInf, 3, 2}), {-kInf, 3}));
}

TEST(SpecialValues, MaxPoolIgnoresThePadding) {
  ir::Pool op = windows(PoolKind::MaxPool, {2}, {2});
  op.pads = {1, 1};
  EXPECT_TRUE(has(pool(op, {-1, -2, -3, -4}), {-1, -2, -4}));
}

TEST(SpecialValues, AveragePoolCountsThePaddingOnlyIfAsked) {
  ir::Pool op = windows(PoolKind::AveragePool, {2}, {2});
  op.pads = {1, 1};
  EXPECT_TRUE(has(pool(op, {2, 4, 6, 8}), {2, 5, 8}));
  op.count_include_pad = true;
  EXPECT_TRUE(has(pool(op, {2, 4, 6, 8}), {1, 5, 4}));
}

// The last window reaches past the input by two cells, one of which is declared padding.
TEST(SpecialValues, AveragePoolDoesNotCountWhatCeilModeAdds) {
  ir::Pool op = windows(PoolKind::AveragePool, {4}, {2});
  op.pads = {0, 1};
  op.ceil_mode = true;
  EXPECT_TRUE(has(pool(op, {4, 4, 4, 4, 6, 6}), {4, 5, 6}));
  op.count_include_pad = true;
  op.kernel = {5};
  op.strides = {3};
  EXPECT_TRUE(has(pool(op, {5, 5, 5, 8, 8, 8}), {6.2f, 6}));
}

TEST(SpecialValues, SoftmaxSpreadsNaNAndInfOverTheRow) {
  const OwnedCall call(ir::Softmax{}, {f32({4, 2}, {kNaN, 0, kInf, 0, -kInf, -kInf, -kInf, 7})});
  EXPECT_TRUE(has(floats_of(call), {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, 0, 1}));
}

TEST(SpecialValues, ReduceMaxPropagatesNaN) {
  const OwnedCall call(ir::Reduce{ir::ReduceKind::ReduceMax, false},
                       {f32({2, 3}, {1, kNaN, 2, 1, 3, 2}), i64({1}, {1})});
  EXPECT_TRUE(has(floats_of(call), {kNaN, 3}));
}

TEST(SpecialValues, ReducingNothingGivesTheNeutralElement) {
  const auto reduce = [](ir::ReduceKind kind) {
    return floats_of({ir::Reduce{kind, false}, {f32({0, 2}, {}), i64({1}, {0})}});
  };
  EXPECT_TRUE(has(reduce(ir::ReduceKind::ReduceSum), {0, 0}));
  EXPECT_TRUE(has(reduce(ir::ReduceKind::ReduceProd), {1, 1}));
  EXPECT_TRUE(has(reduce(ir::ReduceKind::ReduceMax), {-kInf, -kInf}));
  EXPECT_TRUE(has(reduce(ir::ReduceKind::ReduceMean), {kNaN, kNaN}));
}

// 0 * NaN and 0 * Inf must not be skipped as products with 0.
TEST(SpecialValues, CubeOperatorsPropagateNaNAndInf) {
  const OwnedCall product(ir::MatMul{}, {f32({2, 2}, {kNaN, 0, 1, kInf}), f32({2, 1}, {0, 1})});
  EXPECT_TRUE(has(floats_of(product), {kNaN, kInf}));
  const OwnedCall conv(ir::Conv{}, {f32({1, 1, 3}, {1, kNaN, -kInf}), f32({1, 1, 1}, {0})});
  EXPECT_TRUE(has(floats_of(conv), {0, kNaN, kNaN}));
}

TEST(SpecialValues, CubeOperatorsKeepSubnormals) {
  const OwnedCall product(ir::MatMul{}, {f32({1, 1}, {0x1p-140f}), f32({1, 1}, {1})});
  EXPECT_TRUE(has(floats_of(product), {0x1p-140f}));
}

TEST(SpecialValues, EmptyTensorsPassThroughEveryCubeOperator) {
  EXPECT_TRUE(has(floats_of({ir::MatMul{}, {f32({2, 0}, {}), f32({0, 1}, {})}}), {0, 0}));
  EXPECT_TRUE(has(floats_of({ir::MatMul{}, {f32({0, 2}, {}), f32({2, 1}, {1, 1})}}), {}));
}

}  // namespace
}  // namespace keel::kernels
