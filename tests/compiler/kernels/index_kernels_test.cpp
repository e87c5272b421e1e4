#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

template <class T>
Tensor tensor(DType dtype, Shape shape, std::vector<T> values) {
  Tensor result(dtype, std::move(shape));
  std::ranges::copy(values, result.fill<T>().begin());
  return result;
}

Ints integers_of(const Tensor& tensor) {
  const std::span<const std::int64_t> values = tensor.as<std::int64_t>();
  return {values.begin(), values.end()};
}

Ints integers_of(const OwnedCall& call) { return integers_of(result_of(call)); }

/// `what` of the error with which shape inference refuses the call.
std::string refused(const ir::Op& op, const std::vector<std::optional<Tensor>>& inputs) {
  std::vector<ir::InputFact> facts;
  for (const std::optional<Tensor>& input : inputs)
    facts.push_back(input ? ir::InputFact{true, input->type(), &*input} : ir::InputFact{});
  const Result<std::vector<TensorType>> types = ir::infer_types(op, facts, 1);
  return types.ok() ? to_text((*types)[0]) : types.error().what;
}

/// `what` of the error of a call whose input `i` is known only when it runs.
std::string fails_with(OwnedCall call, std::size_t i, Tensor content) {
  call.inputs[i] = std::move(content);
  const Result<Tensors> results = call.run();
  return results.ok() ? "" : results.error().what;
}

/// `what` of the error of an operator with a data-dependent shape.
std::string fails(const ir::Op& op, const Tensors& inputs) {
  std::vector<const Tensor*> pointers;
  for (const Tensor& input : inputs) pointers.push_back(&input);
  const Result<Tensors> results = execute_unshaped(op, pointers, 1);
  return results.ok() ? to_text((*results)[0].type()) : results.error().what;
}

TEST(IndexKernels, GatherElementsPicksPositionByPosition) {
  const Tensor x = f32({3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(
      has(floats_of({ir::GatherElements{}, {x, i64({2, 2}, {2, 0, -2, 1})}}), {5, 2, 3, 4}));
  EXPECT_TRUE(has(floats_of({ir::GatherElements{1}, {x, i64({2, 3}, {0, 0, 1, -1, 0, 0})}}),
                  {1, 1, 2, 4, 3, 3}));
  const Tensor flags = booleans({2}, {0, 1});
  EXPECT_EQ(result_of({ir::GatherElements{}, {flags, i64({1}, {1})}}).dtype(), DType::Bool);
}

TEST(IndexKernels, IndicesOutOfRangeAreErrors) {
  const Tensor x = f32({3}, {1, 2, 3});
  const Tensor good = i64({1}, {0});
  const Tensor bad = i64({1}, {3});
  EXPECT_EQ(refused(ir::GatherElements{}, {x, bad}), "index 3 is outside [-3, 3) of axis 0");
  EXPECT_EQ(fails_with({ir::GatherElements{}, {x, good}}, 1, bad),
            "GatherElements index 3 is outside [-3, 3)");
  EXPECT_EQ(fails_with({ir::ScatterElements{}, {x, good, f32({1}, {9})}}, 1, i64({1}, {-kHuge})),
            "ScatterElements index -9223372036854775807 is outside [-3, 3)");
  EXPECT_EQ(fails_with({ir::GatherNd{}, {x, i64({1, 1}, {0})}}, 1, i64({1, 1}, {-4})),
            "GatherND index -4 is outside [-3, 3)");
  EXPECT_EQ(
      fails_with({ir::ScatterNd{}, {x, i64({1, 1}, {0}), f32({1}, {9})}}, 1, i64({1, 1}, {3})),
      "ScatterND index 3 is outside [-3, 3)");
}

TEST(IndexKernels, IndicesThatDoNotFitAreErrors) {
  const Tensor x = f32({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(refused(ir::GatherElements{2}, {x, i64({1, 1}, {0})}),
            "axis 2 is outside [-2, 2) of rank 2");
  EXPECT_EQ(refused(ir::GatherElements{}, {x, i64({1, 3}, {0, 0, 0})}),
            "indices of shape [1,3] do not fit x of shape [2,2] beside axis 0");
  EXPECT_EQ(refused(ir::GatherElements{}, {x, f32({1, 1}, {0})}),
            "indices are f32, not i64 or i32");
  EXPECT_EQ(refused(ir::GatherNd{}, {x, i64({1, 3}, {0, 0, 0})}),
            "indices of shape [1,3] do not pick from x of shape [2,2]: rows of 3 for 2 axes");
  EXPECT_EQ(refused(ir::GatherNd{}, {x, i64({3, 0}, {})}),
            "indices of shape [3,0] do not pick from x of shape [2,2]: they have no rows");
  EXPECT_EQ(refused(ir::GatherNd{2}, {x, i64({1, 1}, {0})}),
            "indices of shape [1,1] do not pick from x of shape [2,2]: batch_dims is 2");
  EXPECT_EQ(refused(ir::GatherNd{1}, {x, i64({1, 1}, {0})}),
            "indices of shape [1,1] do not pick from x of shape [2,2]: the first 1 axes differ");
  EXPECT_EQ(refused(ir::ScatterNd{}, {x, i64({1, 1}, {0}), f32({1}, {9})}),
            "the tensor of updates has shape [1], not [1,2]");
  EXPECT_EQ(refused(ir::ScatterElements{}, {x, i64({1, 1}, {0}), i64({1, 1}, {0})}),
            "inputs 0 and 2 are f32 and i64, not of one dtype");
}

TEST(IndexKernels, GatherNdSharesItsBatchAxes) {
  const Tensor x = f32({2, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_TRUE(has(floats_of({ir::GatherNd{}, {x, i64({2, 2}, {0, 1, 1, 0})}}), {2, 3, 4, 5}));
  EXPECT_TRUE(has(floats_of({ir::GatherNd{1}, {x, i64({2, 1}, {1, 0})}}), {2, 3, 4, 5}));
  EXPECT_TRUE(has(floats_of({ir::GatherNd{1}, {x, i64({2, 1, 2}, {1, -1, 0, 0})}}), {3, 4}));
}

TEST(IndexKernels, ScatterCombinesUpdatesInOrder) {
  using enum ir::ScatterReduction;
  const auto scattered = [](ir::ScatterReduction reduction) {
    return floats_of({ir::ScatterElements{0, reduction},
                      {f32({3}, {2, kNan, 4}), i64({4}, {0, 0, -1, 1}), f32({4}, {3, 5, 1, 8})}});
  };
  EXPECT_TRUE(has(scattered(None), {5, 8, 1}));
  EXPECT_TRUE(has(scattered(Add), {10, kNan, 5}));
  EXPECT_TRUE(has(scattered(Mul), {30, kNan, 4}));
  EXPECT_TRUE(has(scattered(Max), {5, kNan, 4}));
  EXPECT_TRUE(has(scattered(Min), {2, kNan, 1}));
}

TEST(IndexKernels, ScatterOfIntegersWrapsAndOfBooleansIsLogic) {
  using enum ir::ScatterReduction;
  EXPECT_TRUE(
      has(integers_of({ir::ScatterNd{Add}, {i64({1}, {kHuge}), i64({1, 1}, {0}), i64({1}, {1})}}),
          {std::numeric_limits<std::int64_t>::min()}));
  const auto bytes = [](std::vector<std::uint8_t> x) { return tensor(DType::U8, {1}, x); };
  EXPECT_TRUE(has(result_of({ir::ScatterNd{Mul}, {bytes({200}), i64({1, 1}, {0}), bytes({2})}})
                      .as<std::uint8_t>(),
                  {144}));
  const Tensor yes = booleans({1}, {1});
  EXPECT_TRUE(
      has(result_of({ir::ScatterNd{Add}, {yes, i64({1, 1}, {0}), yes}}).as<std::uint8_t>(), {1}));
}

TEST(IndexKernels, ScatterLeavesItsInputAlone) {
  const auto half = [](std::vector<float> values) {
    return result_of({ir::Cast{DType::F16}, {f32({2}, std::move(values))}});
  };
  const Tensor x = half({1, 2});
  const Tensor y = result_of({ir::ScatterNd{}, {x, i64({2, 1}, {0, 1}), half({7, 8})}});
  EXPECT_EQ(y.dtype(), DType::F16);
  EXPECT_TRUE(has(y.as<float>(), {7, 8}));
  EXPECT_TRUE(has(x.as<float>(), {1, 2}));
}

TEST(IndexKernels, OneHotIsOffOutOfRange) {
  const Tensor off_on = f32({2}, {5, 1});
  EXPECT_TRUE(has(floats_of({ir::OneHot{}, {i64({3}, {1, -2, 2}), i64({}, {2}), off_on}}),
                  {5, 1, 1, 5, 5, 5}));
  EXPECT_TRUE(has(floats_of({ir::OneHot{0}, {f32({3}, {0, kNan, -1}), f32({1}, {2}), off_on}}),
                  {1, 5, 5, 5, 5, 1}));
  const Tensor wide = tensor<std::uint64_t>(DType::U64, {1}, {~std::uint64_t{0}});
  EXPECT_TRUE(has(floats_of({ir::OneHot{}, {wide, i64({}, {1}), off_on}}), {5}));
}

TEST(IndexKernels, OneHotNeedsADepthThatIsOne) {
  const Tensor index = i64({1}, {0});
  const Tensor off_on = f32({2}, {0, 1});
  EXPECT_EQ(refused(ir::OneHot{}, {index, i64({}, {-1}), off_on}),
            "the depth is -1.000000, not from 0 to 1099511627776");
  EXPECT_EQ(refused(ir::OneHot{}, {index, f32({}, {kNan}), off_on}),
            "the depth is nan, not from 0 to 1099511627776");
  EXPECT_EQ(refused(ir::OneHot{2}, {index, i64({}, {2}), off_on}),
            "axis 2 is outside [-2, 2) of rank 2");
  EXPECT_EQ(refused(ir::OneHot{}, {index, i64({}, {2}), f32({1}, {0})}),
            "the pair of values has shape [1], not [2]");
  EXPECT_EQ(refused(ir::OneHot{}, {i64({2}, {0, 0}), i64({}, {std::int64_t{1} << 40}), off_on}),
            "shape [2,1099511627776] has more than 1099511627776 elements");
}

TEST(IndexKernels, EyeLikeTakesAnyDiagonal) {
  const Tensor x = i64({2, 3}, {0, 0, 0, 0, 0, 0});
  EXPECT_TRUE(has(integers_of({ir::EyeLike{}, {x}}), {1, 0, 0, 0, 1, 0}));
  EXPECT_TRUE(has(floats_of({ir::EyeLike{-1, true, DType::F32}, {x}}), {0, 0, 0, 1, 0, 0}));
  EXPECT_TRUE(has(integers_of({ir::EyeLike{kHuge}, {x}}), {0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(refused(ir::EyeLike{}, {i64({1}, {0})}), "x has shape [1], not that of a matrix");
}

TEST(IndexKernels, RangeCountsInBothDirections) {
  const auto range = [](std::int64_t start, std::int64_t limit, std::int64_t delta) {
    return integers_of({ir::Range{}, {i64({}, {start}), i64({1}, {limit}), i64({}, {delta})}});
  };
  EXPECT_TRUE(has(range(1, 6, 2), {1, 3, 5}));
  EXPECT_TRUE(has(range(5, 0, -2), {5, 3, 1}));
  EXPECT_TRUE(has(range(0, 1, -1), {}));
  EXPECT_TRUE(has(range(-kHuge, kHuge, kHuge), {-kHuge, 0}));
  EXPECT_TRUE(has(floats_of({ir::Range{}, {f32({}, {1}), f32({}, {2}), f32({}, {0.25f})}}),
                  {1, 1.25f, 1.5f, 1.75f}));
}

TEST(IndexKernels, RangeWithoutAnEndIsAnError) {
  EXPECT_EQ(refused(ir::Range{}, {i64({}, {0}), i64({}, {1}), i64({}, {0})}),
            "the delta of Range is 0");
  EXPECT_EQ(refused(ir::Range{}, {f32({}, {0}), f32({}, {kNan}), f32({}, {1})}),
            "Range has nan elements, not at most 1099511627776");
  EXPECT_EQ(refused(ir::Range{}, {i64({}, {-kHuge}), i64({}, {kHuge}), i64({}, {1})}),
            "Range has 18446744073709551616.000000 elements, not at most 1099511627776");
  EXPECT_EQ(refused(ir::Range{}, {i64({2}, {0, 0}), i64({}, {1}), i64({}, {1})}),
            "the start has shape [2], not one element");
}

TEST(IndexKernels, CompressKeepsWhereTheConditionHolds) {
  const Tensor x = f32({2, 3}, {1, 2, 3, 4, 5, 6});
  const ir::Compress along{true, -1};
  EXPECT_TRUE(has(floats_of({along, {x, booleans({3}, {1, 0, 1})}}), {1, 3, 4, 6}));
  EXPECT_TRUE(has(floats_of({along, {x, booleans({1}, {1})}}), {1, 4}));
  EXPECT_TRUE(has(floats_of({ir::Compress{}, {x, booleans({5}, {0, 1, 0, 0, 1})}}), {2, 5}));
  EXPECT_EQ(fails(along, {x, booleans({4}, {0, 0, 0, 1})}),
            "a condition of shape [4] does not select from extent 3");
  EXPECT_EQ(fails(ir::Compress{true, 2}, {x, booleans({1}, {1})}),
            "Compress along axis 2 of x of rank 2");
}

TEST(IndexKernels, NonZeroListsPlacesByAxis) {
  const Tensor places = result_of({ir::NonZero{}, {f32({2, 2}, {0, kNan, 3, -0.0f})}});
  EXPECT_EQ(places.shape(), (Shape{2, 2}));
  EXPECT_TRUE(has(integers_of(places), {0, 1, 1, 0}));
  EXPECT_EQ(result_of({ir::NonZero{}, {booleans({2}, {0, 0})}}).shape(), (Shape{1, 0}));
  EXPECT_EQ(result_of({ir::NonZero{}, {f32({}, {2})}}).shape(), (Shape{0, 1}));
}

TEST(IndexKernels, UniqueSortsOrKeepsTheOrder) {
  const auto outputs = [](bool sorted) {
    ir::Unique op;
    op.sorted = sorted;
    return *OwnedCall(op, {f32({5}, {3, kNan, 1, 3, kNan})}, 4).run();
  };
  const Tensors sorted = outputs(true);
  EXPECT_TRUE(has(sorted[0].as<float>(), {1, 3, kNan}));
  EXPECT_TRUE(has(integers_of(sorted[1]), {2, 0, 1}));
  EXPECT_TRUE(has(integers_of(sorted[2]), {1, 2, 0, 1, 2}));
  EXPECT_TRUE(has(integers_of(sorted[3]), {1, 2, 2}));
  const Tensors unsorted = outputs(false);
  EXPECT_TRUE(has(unsorted[0].as<float>(), {3, kNan, 1}));
  EXPECT_TRUE(has(integers_of(unsorted[1]), {0, 1, 2}));
  EXPECT_TRUE(has(integers_of(unsorted[2]), {0, 1, 2, 0, 1}));
}

TEST(IndexKernels, UniqueComparesWholeSlices) {
  const ir::Unique op{true, 1};
  EXPECT_TRUE(has(floats_of({op, {f32({2, 3}, {2, 1, 2, 5, 6, 5})}}), {1, 2, 6, 5}));
  EXPECT_EQ(fails(op, {f32({3}, {1, 2, 3})}), "Unique along axis 1 of x of rank 1");
  EXPECT_EQ(fails(ir::Unique{true, 0}, {f32({std::int64_t{1} << 40, 0}, {})}),
            "Unique of slices without elements, of x of shape [1099511627776,0]");
}

TEST(IndexKernels, NonMaxSuppressionDropsWhatOverlapsABetterBox) {
  // Two boxes that share a third of their union, and one apart with corners the other way round.
  const Tensor boxes = f32({1, 3, 4}, {0, 0, 2, 2, 0, 1, 2, 3, 9, 9, 8, 8});
  const Tensor scores = f32({1, 1, 3}, {0.5f, 0.6f, kNan});
  const auto kept = [&](const Tensor& of, std::vector<std::optional<Tensor>> limits) {
    limits.insert(limits.begin(), {boxes, of});
    return integers_of({ir::NonMaxSuppression{}, limits});
  };
  EXPECT_TRUE(has(kept(scores, {i64({}, {9}), f32({}, {0.3f})}), {0, 0, 1}));
  EXPECT_TRUE(has(kept(scores, {i64({1}, {9}), f32({1}, {0.4f})}), {0, 0, 1, 0, 0, 0}));
  EXPECT_TRUE(has(kept(scores, {i64({}, {9}), f32({}, {0.4f}), f32({}, {0.5f})}), {0, 0, 1}));
  EXPECT_TRUE(has(kept(scores, {}), {}));
  const Tensor equal = f32({1, 1, 3}, {1, 1, 1});
  EXPECT_TRUE(has(kept(equal, {i64({}, {2}), f32({}, {0.3f})}), {0, 0, 0, 0, 0, 2}));
}

TEST(IndexKernels, NonMaxSuppressionChecksItsInputs) {
  const ir::NonMaxSuppression op;
  const Tensor boxes = f32({1, 1, 4}, {0, 0, 1, 1});
  const Tensor scores = f32({1, 1, 1}, {1});
  EXPECT_EQ(fails(op, {boxes, f32({1, 1}, {1})}),
            "NonMaxSuppression of boxes of shape [1,1,4] and scores of shape [1,1]");
  EXPECT_EQ(fails(op, {boxes, scores, i64({1}, {1}), f32({}, {kNan})}),
            "the overlap threshold of NonMaxSuppression is nan, not from 0 to 1");
  EXPECT_EQ(fails(op, {boxes, scores, i64({2}, {1, 1})}),
            "NonMaxSuppression has 2 limits of boxes, not one");
  EXPECT_EQ(fails(op, {boxes, scores, i64({1}, {1}), i64({}, {0})}),
            "the overlap threshold of NonMaxSuppression is i64[], not one float");
}

TEST(IndexKernels, ArgMaxTakesTheFirstOrTheLast) {
  using enum ir::ArgReduceKind;
  const Tensor x = f32({2, 3}, {1, 7, 7, 4, kNan, 9});
  EXPECT_TRUE(has(integers_of({ir::ArgReduce{ArgMax, 1}, {x}}), {1, 1}));
  EXPECT_TRUE(has(integers_of({ir::ArgReduce{ArgMax, 1, true, true}, {x}}), {2, 1}));
  EXPECT_TRUE(has(integers_of({ir::ArgReduce{ArgMin, 1, false}, {x}}), {0, 1}));
  EXPECT_EQ(OwnedCall(ir::ArgReduce{ArgMin, 0, false}, {x}).outputs[0].shape, Shape{3});
  EXPECT_EQ(refused(ir::ArgReduce{ArgMax, 2}, {x}), "axis 2 is outside [-2, 2) of rank 2");
  EXPECT_EQ(refused(ir::ArgReduce{ArgMax, 0}, {f32({0, 2}, {})}),
            "axis 0 of [0,2] has no element to be the extreme");
  EXPECT_EQ(refused(ir::ArgReduce{ArgMax, 0}, {f32({2, 0}, {})}), "i64[1,0]");
}

TEST(IndexKernels, TopKOrdersEqualOnesByPlace) {
  const auto top = [](const ir::TopK& op, const Tensor& x, std::int64_t k) {
    return *OwnedCall(op, {x, i64({1}, {k})}, 2).run();
  };
  const Tensor x = f32({5}, {2, 5, kNan, 5, 1});
  const Tensors largest = top({}, x, 4);
  EXPECT_TRUE(has(largest[0].as<float>(), {kNan, 5, 5, 2}));
  EXPECT_TRUE(has(integers_of(largest[1]), {2, 1, 3, 0}));
  const Tensors smallest = top({0, false}, x, 3);
  EXPECT_TRUE(has(smallest[0].as<float>(), {1, 2, 5}));
  EXPECT_TRUE(has(integers_of(smallest[1]), {4, 0, 1}));
  const Tensors columns = top({0}, i64({2, 2}, {1, 4, 3, 2}), 1);
  EXPECT_TRUE(has(integers_of(columns[0]), {3, 4}));
  EXPECT_TRUE(has(integers_of(columns[1]), {1, 0}));
  EXPECT_EQ(top({}, f32({3, 0}, {}), 0)[1].shape(), (Shape{3, 0}));
  EXPECT_EQ(top({0}, f32({std::int64_t{1} << 40, 0}, {}), 1)[0].shape(), (Shape{1, 0}));
}

TEST(IndexKernels, TopKNeedsAsManyElementsAsK) {
  const Tensor x = f32({3}, {1, 2, 3});
  EXPECT_EQ(refused(ir::TopK{}, {x, i64({1}, {4})}), "k is 4, axis 0 of [3] has 3 elements");
  EXPECT_EQ(refused(ir::TopK{}, {x, i64({1}, {-1})}), "k is -1, axis 0 of [3] has 3 elements");
  EXPECT_EQ(refused(ir::TopK{}, {x, i64({2}, {1, 1})}), "the k has shape [2], not one element");
  EXPECT_EQ(refused(ir::TopK{1}, {x, i64({1}, {1})}), "axis 1 is outside [-1, 1) of rank 1");
}

TEST(IndexKernels, CumSumRunsInBothDirections) {
  const Tensor x = f32({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto sums = [&](bool exclusive, bool reverse, std::int64_t axis) {
    return floats_of({ir::CumSum{exclusive, reverse}, {x, i64({}, {axis})}});
  };
  EXPECT_TRUE(has(sums(false, false, -1), {1, 3, 6, 4, 9, 15}));
  EXPECT_TRUE(has(sums(true, false, 1), {0, 1, 3, 0, 4, 9}));
  EXPECT_TRUE(has(sums(false, true, 0), {5, 7, 9, 4, 5, 6}));
  EXPECT_TRUE(has(sums(true, true, 0), {4, 5, 6, 0, 0, 0}));
  EXPECT_TRUE(has(integers_of({ir::CumSum{}, {i64({2}, {kHuge, 1}), i64({}, {0})}}),
                  {kHuge, std::numeric_limits<std::int64_t>::min()}));
  EXPECT_EQ(refused(ir::CumSum{}, {x, i64({}, {2})}), "axis 2 is outside [-2, 2) of rank 2");
  EXPECT_EQ(fails_with({ir::CumSum{}, {x, i64({}, {0})}}, 1, i64({}, {-3})),
            "CumSum axis index -3 is outside [-2, 2)");
}

TEST(IndexKernels, HardmaxMarksTheFirstLargest) {
  const Tensor x = f32({2, 2}, {1, 1, 2, 3});
  EXPECT_TRUE(has(floats_of({ir::Hardmax{}, {x}}), {1, 0, 0, 1}));
  EXPECT_TRUE(has(floats_of({ir::Hardmax{0, true}, {x}}), {0, 0, 0, 1}));
  EXPECT_EQ(refused(ir::Hardmax{2}, {x}), "axis 2 is outside [-2, 2) of rank 2");
}

}  // namespace
}  // namespace keel::kernels
