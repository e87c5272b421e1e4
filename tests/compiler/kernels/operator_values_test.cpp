#include <cmath>
#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

// What operators with one kernel compute, which no second kernel of ours can be compared with:
// values of their definitions, worked out outside of this program.

using ir::BinaryKind;
using ir::ReduceKind;
using ir::UnaryKind;

constexpr float kInf = std::numeric_limits<float>::infinity();

Ints integers_of(const OwnedCall& call) {
  const Tensor result = result_of(call);
  const std::span<const std::int64_t> values = result.as<std::int64_t>();
  return {values.begin(), values.end()};
}

void expect_near(const std::vector<float>& actual, const std::vector<float>& wanted) {
  ASSERT_EQ(actual.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(actual[i], wanted[i], 1e-6f * std::max(1.0f, std::fabs(wanted[i]))) << i;
}

struct UnaryValue {
  ir::Unary op;
  float x, y;
};

TEST(OperatorValues, OfFunctionsOfOneNumber) {
  const UnaryValue values[] = {
      {{UnaryKind::Sin}, 1, 0.841470985f},
      {{UnaryKind::Cos}, 1, 0.540302306f},
      {{UnaryKind::Tan}, 1, 1.55740772f},
      {{UnaryKind::Asin}, 0.5f, 0.523598776f},
      {{UnaryKind::Acos}, 0.5f, 1.04719755f},
      {{UnaryKind::Atan}, 2, 1.10714872f},
      {{UnaryKind::Sinh}, 1, 1.17520119f},
      {{UnaryKind::Cosh}, 1, 1.54308063f},
      {{UnaryKind::Asinh}, 2, 1.44363548f},
      {{UnaryKind::Acosh}, 2, 1.3169579f},
      {{UnaryKind::Atanh}, 0.5f, 0.549306144f},
      {{UnaryKind::Elu, 2}, -1, -1.26424112f},
      {{UnaryKind::Elu, 2}, 3, 3},
      {{UnaryKind::Selu, 2, 3}, -1, -3.79272335f},
      {{UnaryKind::Selu, 2, 3}, 2, 6},
      {{UnaryKind::Celu, 2}, -1, -0.786938681f},
      {{UnaryKind::Celu, 2}, 3, 3},
      {{UnaryKind::ThresholdedRelu, 1}, 1, 0},
      {{UnaryKind::ThresholdedRelu, 1}, 1.5f, 1.5f},
      {{UnaryKind::Softsign}, -3, -0.75f},
      {{UnaryKind::Mish}, 1, 0.865098388f},
      {{UnaryKind::Mish}, -1, -0.303401461f},
      {{UnaryKind::Gelu}, 1, 0.841344746f},
      {{UnaryKind::Gelu, 1}, 1, 0.841191991f},
      {{UnaryKind::Shrink, 0.5f, 1}, 2, 1.5f},
      {{UnaryKind::Shrink, 0.5f, 1}, -2, -1.5f},
      {{UnaryKind::Shrink, 0.5f, 1}, 1, 0},
  };
  for (const UnaryValue& value : values)
    EXPECT_FLOAT_EQ(floats_of({value.op, {f32({1}, {value.x})}})[0], value.y)
        << ir::name(value.op) << " of " << value.x;
}

TEST(OperatorValues, ModHasTheSignOfTheDivisorOrOfTheDividend) {
  const auto modulo = [](bool fmod) { return ir::Binary{BinaryKind::Mod, fmod}; };
  const Tensor a = i64({4}, {7, -7, 7, -7}), b = i64({4}, {3, 3, -3, -3});
  EXPECT_TRUE(has(integers_of({modulo(false), {a, b}}), {1, 2, -2, -1}));
  EXPECT_TRUE(has(integers_of({modulo(true), {a, b}}), {1, -1, 1, -1}));
  const Tensor x = f32({4}, {5.5f, -5.5f, 5.5f, -5.5f}), y = f32({4}, {2, 2, -2, -2});
  EXPECT_TRUE(has(floats_of({modulo(false), {x, y}}), {1.5f, 0.5f, -0.5f, -1.5f}));
  EXPECT_TRUE(has(floats_of({modulo(true), {x, y}}), {1.5f, -1.5f, 1.5f, -1.5f}));
}

TEST(OperatorValues, OfOperatorsOnBits) {
  const auto shifted = [](bool left, std::vector<std::uint8_t> by) {
    const Tensor y = result_of({ir::Binary{BinaryKind::BitShift, false, left},
                                {u8({2}, {1, 200}), u8({2}, std::move(by))}});
    return std::vector(y.as<std::uint8_t>().begin(), y.as<std::uint8_t>().end());
  };
  EXPECT_TRUE(has(shifted(true, {3, 1}), {8, 144}));
  EXPECT_TRUE(has(shifted(false, {1, 1}), {0, 100}));
  EXPECT_TRUE(has(shifted(true, {8, 9}), {0, 0}));
  const auto combined = [](BinaryKind kind) {
    return integers_of({ir::Binary{kind}, {i64({1}, {12}), i64({1}, {10})}});
  };
  EXPECT_TRUE(has(combined(BinaryKind::BitwiseAnd), {8}));
  EXPECT_TRUE(has(combined(BinaryKind::BitwiseOr), {14}));
  EXPECT_TRUE(has(combined(BinaryKind::BitwiseXor), {6}));
  EXPECT_TRUE(has(integers_of({ir::Unary{UnaryKind::BitwiseNot}, {i64({2}, {5, -1})}}), {-6, 0}));
}

TEST(OperatorValues, LogarithmsOfSums) {
  const auto reduced = [](ReduceKind kind, std::vector<float> x) {
    const auto count = static_cast<std::int64_t>(x.size());
    ir::Reduce op;
    op.kind = kind;
    return floats_of({op, {f32({count}, std::move(x))}});
  };
  EXPECT_FLOAT_EQ(reduced(ReduceKind::ReduceLogSum, {1, 2, 3})[0], 1.79175947f);
  EXPECT_FLOAT_EQ(reduced(ReduceKind::ReduceLogSumExp, {0, 0, 0})[0], 1.09861229f);
  EXPECT_FLOAT_EQ(reduced(ReduceKind::ReduceLogSumExp, {1000, 1000})[0], 1000.69315f);
  EXPECT_TRUE(has(reduced(ReduceKind::ReduceLogSumExp, {-kInf, -kInf}), {-kInf}));
  EXPECT_TRUE(has(reduced(ReduceKind::ReduceLogSumExp, {1, NAN}), {NAN}));
}

// The one permutation of three axes that is not its own inverse, and its inverse.
TEST(OperatorValues, ATransposeTakesTheAxesInTheOrderGiven) {
  const Tensor x = f32({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor turned = result_of({ir::Transpose{{2, 0, 1}}, {x}});
  EXPECT_EQ(turned.shape(), (Shape{3, 1, 2}));
  EXPECT_TRUE(has(turned.as<float>(), {1, 4, 2, 5, 3, 6}));
  const Tensor y = f32({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  EXPECT_TRUE(
      has(floats_of({ir::Transpose{{1, 2, 0}}, {y}}), {1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12}));
  EXPECT_TRUE(
      has(floats_of({ir::Transpose{{2, 0, 1}}, {y}}), {1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12}));
}

TEST(OperatorValues, ADeterminantChangesItsSignWithEachExchange) {
  EXPECT_FLOAT_EQ(floats_of({ir::Det{}, {f32({2, 2}, {0, 1, 2, 3})}})[0], -2);
  EXPECT_TRUE(has(floats_of({ir::Det{}, {f32({2, 1, 1}, {5, -7})}}), {5, -7}));
}

// Frames of 3 from 0 and 2 of 1 to 6, times 1, 2, 1: their sums with the third roots of one.
TEST(OperatorValues, AnStftTransformsWindowedFrames) {
  const Tensor signal = f32({1, 6, 1}, {1, 2, 3, 4, 5, 6});
  const Tensor y =
      result_of({ir::Stft{}, {signal, i64({}, {2}), f32({3}, {1, 2, 1}), std::nullopt}});
  EXPECT_EQ(y.shape(), (Shape{1, 2, 2, 2}));
  expect_near({y.as<float>().begin(), y.as<float>().end()},
              {8, 0, -2.5f, -0.866025404f, 16, 0, -3.5f, -2.59807621f});
}

TEST(OperatorValues, OfTheWindowsOfCosines) {
  const auto window = [](ir::WindowKind kind) {
    return floats_of({ir::SignalWindow{kind}, {i64({}, {4})}});
  };
  expect_near(window(ir::WindowKind::HammingWindow), {2 / 23.0f, 12.5f / 23, 1, 12.5f / 23});
  expect_near(window(ir::WindowKind::BlackmanWindow), {0, 0.34f, 1, 0.34f});
}

// The example of the ONNX definition has triangles of one row; the other has flanks.
TEST(OperatorValues, OfMelWeights) {
  const auto weights = [](std::int64_t bins, std::int64_t length, float upper) {
    return floats_of(
        {ir::MelWeightMatrix{},
         {i64({}, {bins}), i64({}, {length}), i64({}, {8192}), f32({}, {0}), f32({}, {upper})}});
  };
  std::vector<float> wanted(9 * 8, 0.0f);
  const std::size_t row_of_bin[] = {0, 0, 1, 1, 2, 3, 4, 5};
  for (std::size_t bin = 0; bin < 8; ++bin) wanted[row_of_bin[bin] * 8 + bin] = 1;
  expect_near(weights(8, 16, 4096), wanted);
  // Triangles over the rows 0, 1, 4 and 1, 4, 9.
  wanted.assign(17 * 2, 0.0f);
  const float first[] = {0, 1, 2 / 3.0f, 1 / 3.0f};
  const float second[] = {0, 0, 1 / 3.0f, 2 / 3.0f, 1, 0.8f, 0.6f, 0.4f, 0.2f};
  for (std::size_t row = 0; row < std::size(first); ++row) wanted[row * 2] = first[row];
  for (std::size_t row = 0; row < std::size(second); ++row) wanted[row * 2 + 1] = second[row];
  expect_near(weights(2, 32, 4096), wanted);
}

// The second box is half of the first: an overlap of 0.5, which is not above a threshold of 0.5.
TEST(OperatorValues, ABoxAtTheThresholdIsKept) {
  const Tensor boxes = f32({1, 2, 4}, {0, 0, 1, 1, 0, 0, 1, 0.5f}), scores = f32({1, 1, 2}, {2, 1});
  const auto kept = [&](float threshold) {
    return result_of({ir::NonMaxSuppression{},
                      {boxes, scores, i64({1}, {9}), f32({1}, {threshold}), std::nullopt}})
        .shape()[0];
  };
  EXPECT_EQ(kept(0.5f), 2);
  EXPECT_EQ(kept(0.499f), 1);
}

// Keys' kernel with a = -0.75; what lies outside repeats the edge, or the rest of the weights are
// made to add up to one.
TEST(OperatorValues, OfACubicResize) {
  const auto doubled = [](bool exclude_outside) {
    ir::Resize op;
    op.mode = ir::ResizeMode::Cubic;
    op.exclude_outside = exclude_outside;
    return floats_of({op, {f32({4}, {1, 2, 3, 4}), std::nullopt, f32({1}, {2})}});
  };
  expect_near(doubled(false), {0.89453125f, 1.19140625f, 1.66796875f, 2.296875f, 2.703125f,
                               3.33203125f, 3.80859375f, 4.10546875f});
  expect_near(doubled(true), {0.863636364f, 1.17314488f, 1.64528302f, 2.296875f, 2.703125f,
                              3.35471698f, 3.82685512f, 4.13636364f});
}

// With aligned corners -1 and 1 are the middles of the first and the last pixel.
TEST(OperatorValues, OfAGridSampleWithAlignedCorners) {
  const auto sampled = [](ir::ResizeMode mode, const std::vector<float>& x,
                          const std::vector<float>& at) {
    std::vector<float> grid;
    for (const float value : at) grid.insert(grid.end(), {value, 0});
    ir::GridSample op{mode};
    op.align_corners = true;
    const auto extent = static_cast<std::int64_t>(x.size());
    const auto count = static_cast<std::int64_t>(at.size());
    return floats_of({op, {f32({1, 1, 1, extent}, x), f32({1, 1, count, 2}, grid)}});
  };
  EXPECT_TRUE(has(sampled(ir::ResizeMode::Linear, {1, 2, 3}, {-1, 0, 0.5f, 1}), {1, 2, 2.5f, 3}));
  // Halfway, so 0.59375 of both neighbours less 0.09375 of those beyond.
  EXPECT_TRUE(has(sampled(ir::ResizeMode::Cubic, {1, 2, 4, 8}, {0}), {2.71875f}));
}

// 1 and -1 have the variance 1: an epsilon of 3 halves them. By the fast and by the plain kernel.
TEST(OperatorValues, ANormAddsEpsilonToTheVariance) {
  constexpr float kEpsilon = 3;
  const Tensor x = f32({1, 2, 2}, {1, -1, -1, 1}), ones = f32({2}, {1, 1}),
               zeros = f32({2}, {0, 0});
  ir::LayerNorm layers;
  ir::BatchNorm batches;
  ir::InstanceNorm instances;
  ir::GroupNorm groups;
  groups.groups = 2;
  layers.epsilon = batches.epsilon = instances.epsilon = groups.epsilon = kEpsilon;
  for (const OwnedCall& call :
       {OwnedCall(layers, {x, ones, zeros}), OwnedCall(batches, {x, ones, zeros, zeros, ones}),
        OwnedCall(instances, {x, ones, zeros}), OwnedCall(groups, {x, ones, zeros})})
    for (const auto run : {execute, execute_reference}) {
      const Result<Tensors> results = call.apply(run);
      ASSERT_TRUE(results.ok()) << ir::name(call.op);
      EXPECT_TRUE(has((*results)[0].as<float>(), {0.5f, -0.5f, -0.5f, 0.5f})) << ir::name(call.op);
    }
}

TEST(OperatorValues, AGatherPutsItsIndicesWhereTheAxisWas) {
  const Tensor x = f32({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const Tensor y = result_of({ir::Gather{1}, {x, i64({1, 4}, {2, 0, -1, 1})}});
  EXPECT_EQ(y.shape(), (Shape{2, 1, 4, 2}));
  EXPECT_TRUE(has(y.as<float>(), {5, 6, 1, 2, 5, 6, 3, 4, 11, 12, 7, 8, 11, 12, 9, 10}));
}

// 0 has a code of its own, so it lies in the range even where no element does.
TEST(OperatorValues, ADynamicQuantizationIncludesZero) {
  const auto quantized = [](std::vector<float> x) {
    const auto count = static_cast<std::int64_t>(x.size());
    const OwnedCall call(ir::DynamicQuantizeLinear{}, {f32({count}, std::move(x))}, 3);
    const Result<Tensors> results = call.run();
    EXPECT_TRUE(results.ok());
    EXPECT_FLOAT_EQ((*results)[1].as<float>()[0], 4 / 255.0f);
    std::vector<int> codes{(*results)[2].as<std::uint8_t>()[0]};
    codes.insert(codes.end(), (*results)[0].as<std::uint8_t>().begin(),
                 (*results)[0].as<std::uint8_t>().end());
    return codes;
  };
  EXPECT_TRUE(has(quantized({1, 4}), {0, 64, 255}));
  EXPECT_TRUE(has(quantized({-1, 3}), {64, 0, 255}));
  EXPECT_TRUE(has(quantized({-4, -1}), {255, 0, 191}));
}

// (1 * 2 + 3) / 2 and (1 * 4 - 5) / 2.
TEST(OperatorValues, AQuantizedConvolutionAddsItsBias) {
  const auto scale = f32({}, {1});
  const Tensor zero = i8({}, {0});
  const OwnedCall call{ir::QLinearConv{},
                       {i8({1, 1, 1}, {1}), scale, zero, i8({2, 1, 1}, {2, 4}), scale, zero,
                        f32({}, {0.5f}), zero, i32({2}, {3, -5})}};
  const Tensor y = result_of(call);
  EXPECT_TRUE(has(y.as<std::int8_t>(), {10, -2}));
}

// One row of pixels: two samples a side at 1 and 3; then bins of 1.5 pixels, two samples each.
TEST(OperatorValues, OfARoiAlign) {
  ir::RoiAlign op;
  op.sampling_ratio = 2;
  const Tensor x = f32({1, 1, 1, 4}, {1, 2, 3, 4}), box = f32({1, 4}, {0, 0, 4, 1});
  EXPECT_TRUE(has(floats_of({op, {x, box, i64({1}, {0})}}), {3}));
  op.max = true;
  EXPECT_TRUE(has(floats_of({op, {x, box, i64({1}, {0})}}), {4}));
  ir::RoiAlign adaptive;
  adaptive.width = 2;
  const Tensor peak = f32({1, 1, 1, 5}, {0, 0, 10, 0, 0});
  EXPECT_TRUE(has(floats_of({adaptive, {peak, f32({1, 4}, {0, 0, 3, 1}), i64({1}, {0})}}),
                  {0.625f, 6.25f}));
}

TEST(OperatorValues, ARangeOfFloatsHasItsLastStep) {
  const auto range = [](float start, float limit, float delta) {
    return floats_of({ir::Range{}, {f32({}, {start}), f32({}, {limit}), f32({}, {delta})}});
  };
  EXPECT_TRUE(has(range(0, 1, 0.375f), {0, 0.375f, 0.75f}));
  EXPECT_TRUE(has(range(1, 0, -0.75f), {1, 0.25f}));
  EXPECT_TRUE(has(range(0, 1, 0.5f), {0, 0.5f}));
}

}  // namespace
}  // namespace keel::kernels
