#include <cmath>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

constexpr float kNoEpsilon = 0;

// Channels of mean 2, 20, 0 and 5, of deviation 1, 10, 3 and 0.
const Tensor kX = f32({1, 4, 2}, {1, 3, 10, 30, -3, 3, 5, 5});

TEST(InstanceNorm, NormalisesEachChannelOfEachSample) {
  const Tensor scale = f32({4}, {1, 2, 3, 4}), bias = f32({4}, {0, 10, 20, 30});
  EXPECT_TRUE(has(
      floats_of({ir::InstanceNorm{1}, {kX, scale, bias}}),
      {-1 / std::sqrt(2.0f), 1 / std::sqrt(2.0f), 10 - 20 / std::sqrt(101.0f),
       10 + 20 / std::sqrt(101.0f), 20 - 9 / std::sqrt(10.0f), 20 + 9 / std::sqrt(10.0f), 30, 30}));
  EXPECT_EQ(refusal_of(ir::InstanceNorm{}, {kX, f32({2}, {1, 2}), bias}),
            "the scale has shape [2], not [4]");
}

TEST(GroupNorm, HasAScaleForEachGroupOrForEachChannel) {
  // Groups of mean 0 and deviation 1.
  const Tensor x = f32({1, 4, 1}, {-1, 1, 4, 6});
  const auto normalised = [&](const Tensor& scale, const Tensor& bias) {
    return floats_of({ir::GroupNorm{2, kNoEpsilon}, {x, scale, bias}});
  };
  EXPECT_TRUE(has(normalised(f32({2}, {2, 3}), f32({2}, {10, 20})), {8, 12, 17, 23}));
  EXPECT_TRUE(has(normalised(f32({4}, {2, 3, 4, 5}), f32({4}, {0, 10, 20, 30})), {-2, 13, 16, 35}));
}

TEST(GroupNorm, RefusesGroupsThatDoNotDivide) {
  const Tensor one = f32({1}, {1});
  EXPECT_EQ(refusal_of(ir::GroupNorm{3}, {kX, one, one}), "3 groups do not divide 4 channels");
  EXPECT_EQ(refusal_of(ir::GroupNorm{0}, {kX, one, one}), "0 groups do not divide 4 channels");
  EXPECT_EQ(refusal_of(ir::GroupNorm{2}, {kX, one, one}), "the scale has shape [1], not [2]");
}

TEST(LpNorm, DividesByTheNormAndKeepsZeros) {
  const Tensor x = f32({2, 2}, {3, 4, 0, 0});
  EXPECT_TRUE(has(floats_of({ir::LpNorm{}, {x}}), {0.6f, 0.8f, 0, 0}));
  EXPECT_TRUE(has(floats_of({ir::LpNorm{1, 1}, {x}}), {3 / 7.0f, 4 / 7.0f, 0, 0}));
  EXPECT_TRUE(has(floats_of({ir::LpNorm{0, 1}, {x}}), {1, 1, 0, 0}));
  EXPECT_EQ(refusal_of(ir::LpNorm{0, 3}, {x}), "the norm p is 3, not 1 or 2");
  EXPECT_EQ(refusal_of(ir::LpNorm{2, 1}, {x}), "axis 2 is outside [-2, 2) of rank 2");
}

TEST(Lrn, AnEvenSizeReachesOneChannelFurtherUp) {
  // With beta 1 and bias 0 a division by alpha / size times the sum of squares.
  const ir::Lrn op{2, 1, 0, 2};
  EXPECT_TRUE(has(floats_of({op, {f32({1, 3, 1}, {1, 2, 4})}}), {1 / 5.0f, 2 / 20.0f, 4 / 16.0f}));
  EXPECT_EQ(refusal_of(ir::Lrn{1, 1, 1, 0}, {kX}), "the size of LRN is 0, not positive");
}

TEST(MeanVarianceNorm, NormalisesOverTheAxesGiven) {
  const OwnedCall call{ir::MeanVarianceNorm{{0}}, {f32({2, 2}, {1, 10, 3, 30})}};
  EXPECT_TRUE(has(floats_of(call), {-1, -1, 1, 1}));
  EXPECT_EQ(refusal_of(ir::MeanVarianceNorm{}, {f32({2}, {1, 2})}),
            "axis 2 is outside [-1, 1) of rank 1");
}

TEST(ChannelNorms, OfNothingAreNothing) {
  const Tensor none(DType::F32, {0, 4, 2});
  const Tensor four = f32({4}, {1, 1, 1, 1});
  EXPECT_TRUE(has(floats_of({ir::InstanceNorm{}, {none, four, four}}), {}));
  EXPECT_TRUE(has(floats_of({ir::GroupNorm{2}, {none, four, four}}), {}));
  EXPECT_TRUE(has(floats_of({ir::Lrn{}, {none}}), {}));
  EXPECT_TRUE(has(floats_of({ir::LpNorm{}, {none}}), {}));
  EXPECT_TRUE(has(floats_of({ir::MeanVarianceNorm{{0}}, {none}}), {}));
}

TEST(LpPool, IsTheNormOfEachWindow) {
  ir::Pool op;
  op.kind = ir::PoolKind::LpPool;
  op.kernel = op.strides = {2};
  EXPECT_TRUE(has(floats_of({op, {f32({1, 1, 4}, {3, -4, 5, 12})}}), {5, 13}));
  op.kind = ir::PoolKind::GlobalLpPool;
  op.p = 1;
  EXPECT_TRUE(has(floats_of({op, {f32({1, 1, 4}, {3, -4, 5, 12})}}), {24}));
}

TEST(LayerNorm, GivesItsStatisticsByBothKernels) {
  const OwnedCall call{ir::LayerNorm{1, 1}, {f32({2, 2}, {1, 3, 5, 5}), f32({2}, {1, 1})}, 3};
  for (const auto& results : {call.run(), call.apply(execute_reference)}) {
    ASSERT_TRUE(results.ok());
    EXPECT_EQ((*results)[1].shape(), (Shape{2, 1}));
    EXPECT_TRUE(has((*results)[1].as<float>(), {2, 5}));
    EXPECT_TRUE(has((*results)[2].as<float>(), {1 / std::sqrt(2.0f), 1}));
  }
}

}  // namespace
}  // namespace keel::kernels
