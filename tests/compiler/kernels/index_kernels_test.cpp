#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

std::string failure(const OwnedCall& call) {
  const Result<std::vector<Tensor>> results = call.run();
  return results.ok() ? "no error" : results.error().what;
}

std::string inference_failure(const ir::Op& op, const std::vector<Tensor>& inputs,
                              std::size_t outputs = 1) {
  std::vector<ir::InputFact> facts;
  for (const Tensor& input : inputs) facts.push_back({true, input.type(), &input});
  const Result<std::vector<TensorType>> types = ir::infer_types(op, facts, outputs);
  return types.ok() ? "no error" : types.error().what;
}

std::vector<std::int64_t> integers_of(const OwnedCall& call, std::size_t output = 0) {
  const Result<std::vector<Tensor>> results = call.run();
  if (!results.ok()) {
    ADD_FAILURE() << to_text(results.error());
    return {};
  }
  const std::span<const std::int64_t> values = (*results)[output].as<std::int64_t>();
  return {values.begin(), values.end()};
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(IndexKernels, RefuseIndicesOutOfRange) {
  const Tensor x = f32({3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(failure({ir::GatherElements{0}, {x, i64({1, 2}, {0, 3})}}),
            "GatherElements index 3 is outside [-3, 3)");
  EXPECT_EQ(failure({ir::GatherNd{}, {x, i64({1, 2}, {0, 2})}}),
            "GatherND index 2 is outside [-2, 2)");
  EXPECT_EQ(failure({ir::ScatterElements{1}, {x, i64({1, 1}, {-3}), f32({1, 1}, {9})}}),
            "ScatterElements index -3 is outside [-2, 2)");
  EXPECT_EQ(failure({ir::ScatterNd{}, {x, i64({1, 1}, {7}), f32({1, 2}, {9, 9})}}),
            "ScatterND index 7 is outside [-3, 3)");
  EXPECT_EQ(failure({ir::RoiAlign{},
                     {f32({1, 1, 2, 2}, {1, 2, 3, 4}), f32({1, 4}, {0, 0, 1, 1}), i64({1}, {1})}}),
            "RoiAlign index 1 is outside [-1, 1)");
  EXPECT_EQ(failure({ir::MaxUnpool{{2}, {2}, {}}, {f32({1, 1, 1}, {5}), i64({1, 1, 1}, {2})}}),
            "MaxUnpool index 2 is outside [-2, 2)");
  EXPECT_EQ(failure({ir::ReverseSequence{}, {x, i64({2}, {1, 4})}}),
            "ReverseSequence of 4 steps, the input has 3");
  EXPECT_EQ(failure({ir::Loss{}, {x, i64({3}, {0, 1, 2})}}), "label 2 is outside [0, 2)");
}

TEST(IndexKernels, CountNegativeIndicesFromTheEnd) {
  const Tensor x = f32({3}, {1, 2, 3});
  EXPECT_TRUE(has(floats_of({ir::GatherElements{0}, {x, i64({2}, {-1, -3})}}), {3, 1}));
  EXPECT_TRUE(
      has(floats_of({ir::ScatterElements{0}, {x, i64({1}, {-1}), f32({1}, {9})}}), {1, 2, 9}));
}

TEST(IndexKernels, ScatterInOrder) {
  const Tensor x = f32({2}, {1, 5});
  const Tensor twice = i64({2}, {0, 0});
  using enum ir::ScatterReduction;
  const auto scattered = [&](ir::ScatterReduction reduction, float a, float b) {
    return floats_of({ir::ScatterElements{0, reduction}, {x, twice, f32({2}, {a, b})}});
  };
  EXPECT_TRUE(has(scattered(None, 7, 8), {8, 5}));
  EXPECT_TRUE(has(scattered(Add, 7, 8), {16, 5}));
  EXPECT_TRUE(has(scattered(Mul, 7, 8), {56, 5}));
  EXPECT_TRUE(has(scattered(Max, 7, 3), {7, 5}));
  EXPECT_TRUE(has(scattered(Min, 7, 3), {1, 5}));
  EXPECT_TRUE(has(scattered(Max, kNan, 3), {kNan, 5})) << "NaN must survive";
}

TEST(IndexKernels, ChooseTheFirstOfEqualsOrTheLast) {
  const Tensor x = f32({4}, {2, 7, 7, 1});
  EXPECT_EQ(integers_of({ir::ArgReduce{ir::ArgReduceKind::ArgMax, 0}, {x}}),
            (std::vector<std::int64_t>{1}));
  EXPECT_EQ(integers_of({ir::ArgReduce{ir::ArgReduceKind::ArgMax, 0, true, true}, {x}}),
            (std::vector<std::int64_t>{2}));
  EXPECT_EQ(integers_of({ir::TopK{0}, {x, i64({1}, {3})}, 2}, 1),
            (std::vector<std::int64_t>{1, 2, 0}));
  EXPECT_EQ(
      integers_of({ir::ArgReduce{ir::ArgReduceKind::ArgMax, 0}, {f32({4}, {2, kInf, kNan, kInf})}}),
      (std::vector<std::int64_t>{2}))
      << "NaN is the extreme, as in numpy";
}

TEST(IndexKernels, ShapesThatContradictAreErrors) {
  const Tensor x = f32({3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(inference_failure(ir::TopK{1}, {x, i64({1}, {3})}, 2),
            "k is 3, axis 1 of [3,2] has 2 elements");
  EXPECT_EQ(inference_failure(ir::GatherElements{0}, {x, i64({1, 3}, {0, 0, 0})}),
            "input 1 [1,3] does not fit input 0 [3,2]");
  EXPECT_EQ(inference_failure(ir::GatherNd{.batch_dims = 2}, {x, i64({3, 2}, {0, 0, 0, 0, 0, 0})}),
            "batch_dims is 2, not in [0, 2)");
  EXPECT_EQ(inference_failure(ir::Range{}, {f32({}, {0}), f32({}, {1}), f32({}, {0})}),
            "a range from 0.000000 to 1.000000 in steps of 0.000000 has no length");
  EXPECT_EQ(inference_failure(ir::OneHot{}, {i64({1}, {0}), i64({}, {-4}), f32({2}, {0, 1})}),
            "the depth is -4.000000");
  EXPECT_EQ(inference_failure(ir::DepthSpace{ir::DepthSpaceKind::DepthToSpace, 2},
                              {f32({1, 2, 1, 1}, {1, 2})}),
            "blocks of 4 do not divide 2 channels");
  EXPECT_EQ(inference_failure(ir::Resize{}, {x, f32({0}, {}), f32({2}, {1, kNan})}),
            "a scale is nan");
  EXPECT_EQ(inference_failure(ir::Einsum{"ij,jk->ik"}, {x, x}),
            "equation 'ij,jk->ik': an axis is 2 and 3 long");
  EXPECT_EQ(inference_failure(ir::Einsum{"i j"}, {x}), "equation 'i j': operand 0 has shape [3,2]");
  ir::ConvTranspose grouped;
  grouped.group = 2;
  EXPECT_EQ(inference_failure(grouped, {f32({1, 1, 2}, {1, 2}), f32({1, 1, 2}, {1, 2})}),
            "weights [1,1,2] of 2 groups do not take the 1 channels of [1,1,2]");
}

TEST(IndexKernels, ResizeReadsBetweenPixels) {
  const Tensor x = f32({1, 1, 1, 4}, {0, 10, 20, 30});
  const Tensor scales = f32({4}, {1, 1, 1, 2});
  ir::Resize op;
  op.mode = ir::ResizeMode::Linear;
  EXPECT_TRUE(
      has(floats_of({op, {x, {}, scales}}), {0, 2.5f, 7.5f, 12.5f, 17.5f, 22.5f, 27.5f, 30}));
  op.coordinates = ir::ResizeCoordinates::Asymmetric;
  EXPECT_TRUE(has(floats_of({op, {x, {}, scales}}), {0, 5, 10, 15, 20, 25, 30, 30}));
  op.mode = ir::ResizeMode::Nearest;
  op.rounding = ir::ResizeRounding::Floor;
  EXPECT_TRUE(has(floats_of({op, {x, {}, scales}}), {0, 0, 10, 10, 20, 20, 30, 30}));
}

TEST(IndexKernels, ResizeToTheSameExtentsIsRoundedLikeAnyOther) {
  const Tensor x = f32({1, 1, 1, 2}, {0.1f, 100000});
  const OwnedCall same = OwnedCall(ir::Resize{}, {x, {}, f32({4}, {1, 1, 1, 1})}).to(DType::F16);
  EXPECT_TRUE(has(floats_of(same), {0.0999755859375f, kInf}));
  EXPECT_EQ(x.as<float>()[0], 0.1f) << "the operand is someone else's";
}

}  // namespace
}  // namespace keel::kernels
