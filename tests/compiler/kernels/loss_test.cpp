#include <cmath>
#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

using enum ir::LossKind;
using enum ir::LossReduction;

ir::Loss loss(ir::LossKind kind, ir::LossReduction reduction) {
  return {kind, reduction, false, 0};
}

ir::Loss ignoring(ir::Loss op, std::int64_t label) {
  op.ignores = true;
  op.ignored_label = label;
  return op;
}

const Tensor kScores = f32({2, 3}, {-1, -2, -3, -4, -5, -6});

TEST(Loss, PicksTheScoreOfEachLabel) {
  const Tensor labels = i64({2}, {2, 0});
  EXPECT_TRUE(has(floats_of({loss(NegativeLogLikelihoodLoss, None), {kScores, labels}}), {3, 4}));
  EXPECT_TRUE(has(floats_of({loss(NegativeLogLikelihoodLoss, Sum), {kScores, labels}}), {7}));
  EXPECT_TRUE(has(floats_of({loss(NegativeLogLikelihoodLoss, Mean), {kScores, labels}}), {3.5f}));
}

TEST(Loss, MeanDividesByTheWeightsUsed) {
  const Tensor weights = f32({3}, {0.5f, 9, 2});
  const OwnedCall call{loss(NegativeLogLikelihoodLoss, Mean), {kScores, i64({2}, {2, 0}), weights}};
  EXPECT_TRUE(has(floats_of(call), {(3 * 2 + 4 * 0.5f) / 2.5f}));
}

TEST(Loss, AnIgnoredLabelCountsNothingAndMayBeOutOfRange) {
  const ir::Loss op = ignoring(loss(NegativeLogLikelihoodLoss, Mean), -7);
  EXPECT_TRUE(has(floats_of({op, {kScores, i64({2}, {-7, 0})}}), {4}));
  EXPECT_TRUE(has(floats_of({op, {kScores, i64({2}, {-7, -7})}}),
                  {std::numeric_limits<float>::quiet_NaN()}));
}

TEST(Loss, CrossEntropyAlsoGivesTheLogarithms) {
  const OwnedCall call{
      loss(SoftmaxCrossEntropyLoss, None), {f32({1, 2}, {0, 0}), i64({1}, {1})}, 2};
  const Result<Tensors> results = call.run();
  ASSERT_TRUE(results.ok());
  EXPECT_FLOAT_EQ((*results)[0].as<float>()[0], std::log(2.0f));
  EXPECT_FLOAT_EQ((*results)[1].as<float>()[1], -std::log(2.0f));
}

TEST(Loss, RefusesLabelsOutOfRangeAndShapesThatDoNotFit) {
  const ir::Loss op = loss(NegativeLogLikelihoodLoss, Mean);
  EXPECT_EQ(refusal_of(op, {kScores, i64({2}, {3, 0})}), "label 3 is outside [0, 3)");
  EXPECT_EQ(refusal_of(op, {kScores, i64({2}, {0, -1})}), "label -1 is outside [0, 3)");
  EXPECT_EQ(refusal_of(op, {kScores, i64({3}, {0, 0, 0})}),
            "the list of labels has shape [3], not [2]");
  EXPECT_EQ(refusal_of(op, {kScores, i64({2}, {0, 0}), f32({2}, {1, 1})}),
            "the list of weights has shape [2], not [3]");
  EXPECT_EQ(refusal_of(op, {kScores, f32({2}, {0, 0})}), "the labels are f32, not i32 or i64");
  EXPECT_EQ(refusal_of(op, {kScores, i64({2}, {0, 0})}, 2),
            "NegativeLogLikelihoodLoss has 1 outputs, not 2");
}

}  // namespace
}  // namespace keel::kernels
