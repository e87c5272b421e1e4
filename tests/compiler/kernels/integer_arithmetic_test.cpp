#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

using ir::BinaryKind;
using ir::UnaryKind;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::lowest();
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

Ints ints_of(const Tensor& tensor) {
  const std::span<const std::int64_t> values = tensor.as<std::int64_t>();
  return {values.begin(), values.end()};
}

Tensor list(Ints values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return i64({count}, std::move(values));
}

OwnedCall binary(BinaryKind kind, Ints a, Ints b) {
  return {ir::Binary{kind}, {list(std::move(a)), list(std::move(b))}};
}

template <class T>
std::vector<T> cast_floats(DType to, std::vector<float> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  const Tensor result = result_of({ir::Cast{to}, {f32({count}, std::move(values))}});
  return {result.as<T>().begin(), result.as<T>().end()};
}

TEST(IntegerArithmetic, DivisionTruncates) {
  EXPECT_TRUE(has(ints_of(result_of(binary(BinaryKind::Div, {7, -7, 7, -7}, {2, 2, -2, -2}))),
                  {3, -3, -3, 3}));
}

TEST(IntegerArithmetic, DivisionByZeroIsAnError) {
  const Result<Tensors> result = binary(BinaryKind::Div, {1, 2}, {1, 0}).run();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(to_text(result.error()),
            "error: integer Div by 0\n  fix: divide floats, or keep 0 out of the divisor");
}

TEST(IntegerArithmetic, OverflowWraps) {
  EXPECT_TRUE(has(ints_of(result_of(binary(BinaryKind::Add, {kLargest}, {1}))), {kLowest}));
  EXPECT_TRUE(has(ints_of(result_of(binary(BinaryKind::Mul, {kLargest}, {2}))), {-2}));
  EXPECT_TRUE(has(ints_of(result_of(binary(BinaryKind::Div, {kLowest}, {-1}))), {kLowest}));
  EXPECT_TRUE(
      has(ints_of(result_of({ir::Unary{UnaryKind::Abs}, {i64({1}, {kLowest})}})), {kLowest}));
}

TEST(IntegerArithmetic, PowerIsExact) {
  EXPECT_TRUE(has(ints_of(result_of(binary(BinaryKind::Pow, {3, -2, 0, 5, 1, -1, 2},
                                           {39, 3, 0, -1, -9, -3, -1}))),
                  {4052555153018976267, -8, 1, 0, 1, -1, 0}));
}

TEST(IntegerArithmetic, BroadcastsAndCompares) {
  EXPECT_TRUE(has(ints_of(result_of(binary(BinaryKind::Max, {1, 5, 3}, {4}))), {4, 5, 4}));
  const Tensor less = result_of(binary(BinaryKind::Less, {1, 5}, {4}));
  EXPECT_EQ(less.dtype(), DType::Bool);
  EXPECT_TRUE(has(less.as<std::uint8_t>(), {1, 0}));
}

TEST(IntegerArithmetic, ReducesExactly) {
  const OwnedCall sum(ir::Reduce{ir::ReduceKind::ReduceProd, false},
                      {i64({3}, {1000003, 1000033, 1000037}), i64({1}, {0})});
  EXPECT_TRUE(has(ints_of(result_of(sum)), {1000073001431003663}));
  const OwnedCall least(ir::Reduce{ir::ReduceKind::ReduceMin, false},
                        {i64({3}, {kLargest, kLargest - 1, kLargest}), i64({1}, {0})});
  EXPECT_TRUE(has(ints_of(result_of(least)), {kLargest - 1}));
}

TEST(IntegerArithmetic, RootsAndLogarithmsAreCutOff) {
  const auto reduced = [](ir::ReduceKind kind, Ints values) {
    ir::Reduce op;
    op.kind = kind;
    op.keepdims = false;
    return ints_of(result_of({op, {list(std::move(values))}}))[0];
  };
  EXPECT_EQ(reduced(ir::ReduceKind::ReduceL2, {3, -4, 2}), 5);  // of 29
  EXPECT_EQ(reduced(ir::ReduceKind::ReduceLogSum, {5, 3}), 2);  // of 8
  EXPECT_EQ(reduced(ir::ReduceKind::ReduceLogSumExp, {1000, 1000}), 1000);
  Tensor big(DType::U64, {2});
  std::ranges::fill(big.fill<std::uint64_t>(), std::uint64_t{1} << 63);
  ir::Reduce mean;
  mean.kind = ir::ReduceKind::ReduceMean;
  big.fill<std::uint64_t>()[1] = 0;
  EXPECT_EQ(result_of({mean, {big}}).as<std::uint64_t>()[0], std::uint64_t{1} << 62);
  EXPECT_TRUE(
      has(ints_of(result_of({ir::Unary{UnaryKind::Erf}, {list({-9, 0, 1, 9})}})), {-1, 0, 0, 1}));
}

TEST(IntegerArithmetic, ProductsWrapAndAreScaled) {
  const Tensor a = i64({1, 2}, {kLargest, 3});
  const Tensor b = i64({2, 2}, {2, 1, -5, 7});
  EXPECT_TRUE(has(ints_of(result_of({ir::MatMul{}, {a, b}})), {-17, kLowest + 20}));
  ir::Gemm op;
  op.alpha = 0.5F;
  op.beta = 2;
  EXPECT_TRUE(has(ints_of(result_of({op, {i64({1, 2}, {1, 2}), b, i64({2}, {10, -1})}})),
                  {-4 + 20, 7 - 2}));
  const OwnedCall narrow(ir::MatMul{}, {i32({1, 2}, {-3, 4}), i32({2, 1}, {5, 6})});
  EXPECT_EQ(result_of(narrow).as<std::int32_t>()[0], 9);
}

TEST(IntegerArithmetic, LogicIsForBool) {
  const auto logic = [](BinaryKind kind) {
    return result_of(
        {ir::Binary{kind}, {booleans({4}, {0, 0, 1, 1}), booleans({4}, {0, 1, 0, 1})}});
  };
  EXPECT_TRUE(has(logic(BinaryKind::And).as<std::uint8_t>(), {0, 0, 0, 1}));
  EXPECT_TRUE(has(logic(BinaryKind::Or).as<std::uint8_t>(), {0, 1, 1, 1}));
  const Tensor no = result_of({ir::Unary{UnaryKind::Not}, {booleans({2}, {0, 1})}});
  EXPECT_TRUE(has(no.as<std::uint8_t>(), {1, 0}));
}

TEST(IntegerArithmetic, CastFromFloatTruncatesAndSaturates) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(has(cast_floats<std::int8_t>(DType::I8, {1.9f, -1.9f, 300, -300, kNaN}),
                  {1, -1, 127, -128, 0}));
  EXPECT_TRUE(has(cast_floats<std::uint8_t>(DType::U8, {-1, 255.5f, 256}), {0, 255, 255}));
  EXPECT_TRUE(has(cast_floats<std::int64_t>(DType::I64, {1e30f, -1e30f, 0x1p62f}),
                  {kLargest, kLowest, std::int64_t{1} << 62}));
  EXPECT_TRUE(has(cast_floats<std::uint8_t>(DType::Bool, {0.5f, 0, -0.0f, kNaN}), {1, 0, 0, 1}));
}

TEST(IntegerArithmetic, CastBetweenIntegersWraps) {
  const Tensor narrow = result_of({ir::Cast{DType::I8}, {i64({2}, {257, -129})}});
  EXPECT_TRUE(has(narrow.as<std::int8_t>(), {1, 127}));
}

TEST(IntegerArithmetic, CastToFp16RoundsAtTheExit) {
  EXPECT_TRUE(has(floats_of({ir::Cast{DType::F16}, {i64({3}, {2049, 2051, 70000})}}),
                  {2048, 2052, std::numeric_limits<float>::infinity()}));
}

}  // namespace
}  // namespace keel::kernels
