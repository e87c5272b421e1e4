#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

ir::Pool windows(ir::Ints kernel) {
  ir::Pool op;
  op.strides = kernel;
  op.kernel = std::move(kernel);
  return op;
}

Ints indices(const ir::Pool& op, const Tensor& x) {
  const Result<Tensors> results = OwnedCall(op, {x}, 2).run();
  if (!results.ok()) return {};
  const auto found = (*results)[1].as<std::int64_t>();
  return {found.begin(), found.end()};
}

TEST(MaxPoolIndices, AreOffsetsInTheWholeInput) {
  const Tensor x = f32({1, 2, 2, 3}, {1, 9, 2, 3, 4, 5, 6, 5, 4, 3, 8, 1});
  EXPECT_TRUE(has(indices(windows({2, 3}), x), {1, 10}));
  ir::Pool column_major = windows({2, 3});
  column_major.column_major = true;
  EXPECT_TRUE(has(indices(column_major, x), {2, 6 + 3}));
}

TEST(MaxPoolIndices, NameTheFirstOfEqualOnesAndNaNBeforeAll) {
  EXPECT_TRUE(has(indices(windows({2}), f32({1, 1, 6}, {5, 5, kNaN, 9, 9, kNaN})), {0, 2, 5}));
}

TEST(MaxPool, OfBytesSelectsIntegers) {
  EXPECT_TRUE(
      has(result_of({windows({2}), {i8({1, 1, 4}, {-5, -7, 3, 2})}}).as<std::int8_t>(), {-5, 3}));
  EXPECT_TRUE(has(result_of({windows({2}), {u8({1, 1, 4}, {200, 7, 3, 255})}}).as<std::uint8_t>(),
                  {200, 255}));
  ir::Pool average = windows({2});
  average.kind = ir::PoolKind::AveragePool;
  EXPECT_EQ(refusal_of(average, {u8({1, 1, 2}, {1, 2})}), "AveragePool of u8");
  EXPECT_EQ(refusal_of(average, {f32({1, 1, 2}, {1, 2})}, 2), "AveragePool has 1 outputs, not 2");
}

TEST(MaxUnpool, PutsElementsBackAndKeepsTheirPlaceInALargerShape) {
  const ir::MaxUnpool op{{2, 2}, {2, 2}, {}};
  const Tensor x = f32({1, 1, 1, 2}, {7, 8}), at = i64({1, 1, 1, 2}, {5, 2});
  EXPECT_TRUE(has(floats_of({op, {x, at}}), {0, 0, 8, 0, 0, 7, 0, 0}));
  EXPECT_TRUE(
      has(floats_of({op, {x, at, i64({4}, {1, 1, 2, 5})}}), {0, 0, 8, 0, 0, 0, 7, 0, 0, 0}));
}

TEST(MaxUnpool, RefusesIndicesAndShapesThatDoNotFit) {
  const ir::MaxUnpool op{{2, 2}, {2, 2}, {}};
  const Tensor x = f32({1, 1, 1, 2}, {7, 8});
  EXPECT_EQ(refusal_of(op, {x, i64({1, 1, 1, 2}, {5, 8})}),
            "index 8 of MaxUnpool is outside [0, 8)");
  EXPECT_EQ(refusal_of(op, {x, i64({1, 1, 1, 2}, {-1, 0})}),
            "index -1 of MaxUnpool is outside [0, 8)");
  EXPECT_EQ(refusal_of(op, {x, i64({1, 1, 1, 2}, {0, 1}), i64({4}, {1, 1, 2, 3})}),
            "the output shape [1,1,2,3] does not hold what was pooled, [1,1,2,4]");
  EXPECT_EQ(refusal_of(ir::MaxUnpool{{2}, {2}, {}}, {x, i64({1, 1, 1, 2}, {0, 1})}),
            "kernel [2] does not fit 2 spatial axes");
}

TEST(LpPool, RefusesANormThatIsNone) {
  ir::Pool op = windows({2});
  op.kind = ir::PoolKind::LpPool;
  op.p = 0;
  EXPECT_EQ(refusal_of(op, {f32({1, 1, 2}, {1, 2})}), "the norm p is 0, not positive");
}

}  // namespace
}  // namespace keel::kernels
