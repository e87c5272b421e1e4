#include <limits>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(QuantizeLinear, RoundsToEvenAndSaturates) {
  const Tensor x = f32({8}, {1, 3, -1, 5, 1000, -1000, kInf, kNaN});
  EXPECT_TRUE(
      has(result_of({ir::QuantizeLinear{}, {x, f32({}, {2}), u8({}, {10})}}).as<std::uint8_t>(),
          {10, 12, 10, 12, 255, 0, 255, 10}));
  EXPECT_TRUE(
      has(result_of({ir::QuantizeLinear{}, {x, f32({}, {2}), i8({}, {10})}}).as<std::int8_t>(),
          {10, 12, 10, 12, 127, -128, 127, 10}));
  EXPECT_EQ(result_of({ir::QuantizeLinear{}, {x, f32({}, {2})}}).dtype(), DType::U8);
}

TEST(QuantizeLinear, OfAnAxisHasAScaleForEachSlice) {
  const Tensor x = f32({1, 2, 2}, {2, 4, 2, 4});
  EXPECT_TRUE(has(result_of({ir::QuantizeLinear{-2}, {x, f32({2}, {1, 2}), u8({2}, {0, 1})}})
                      .as<std::uint8_t>(),
                  {2, 4, 2, 3}));
}

TEST(QuantizeLinear, RefusesScalesThatAreNone) {
  const Tensor x = f32({2}, {1, 2});
  for (const auto& [scale, text] :
       {std::pair{0.0f, "0.000000"}, {-1.0f, "-1.000000"}, {kInf, "inf"}})
    EXPECT_EQ(refusal_of(ir::QuantizeLinear{}, {x, f32({}, {scale})}),
              "a quantisation scale is " + std::string(text) + ", not a positive finite number");
  EXPECT_EQ(refusal_of(ir::QuantizeLinear{0}, {x, f32({3}, {1, 1, 1})}),
            "the scale has shape [3], not one element or [2]");
  EXPECT_EQ(refusal_of(ir::QuantizeLinear{7}, {x, f32({2}, {1, 1})}),
            "axis 7 is outside [-1, 1) of rank 1");
  EXPECT_EQ(refusal_of(ir::QuantizeLinear{}, {x, f32({}, {1}), i64({}, {0})}),
            "QuantizeLinear to i64");
}

TEST(DequantizeLinear, IsExactForWideIntegers) {
  EXPECT_TRUE(has(
      floats_of({ir::DequantizeLinear{},
                 {i32({2}, {INT32_MAX, INT32_MIN}), f32({}, {0x1p-31f}), i32({}, {INT32_MIN})}}),
      {2, 0}));
  EXPECT_TRUE(
      has(floats_of({ir::DequantizeLinear{0}, {u8({2}, {4, 4}), f32({2}, {1, 2})}}), {4, 8}));
}

TEST(DynamicQuantizeLinear, OfZerosHasAScale) {
  const OwnedCall call{ir::DynamicQuantizeLinear{}, {f32({2}, {0, 0})}, 3};
  const Result<Tensors> results = call.run();
  ASSERT_TRUE(results.ok());
  EXPECT_TRUE(has((*results)[0].as<std::uint8_t>(), {0, 0}));
  EXPECT_EQ((*results)[1].as<float>()[0], 1);
  EXPECT_EQ((*results)[2].as<std::uint8_t>()[0], 0);
}

TEST(DynamicQuantizeLinear, RefusesAnInfiniteRange) {
  EXPECT_EQ(refusal_of(ir::DynamicQuantizeLinear{}, {f32({1}, {kInf})}, 3),
            "DynamicQuantizeLinear of an infinite range");
}

TEST(MatMulInteger, TakesZeroPointsOfRowsAndColumns) {
  const Tensor a = u8({2, 2}, {1, 2, 3, 4}), b = i8({2, 2}, {1, 0, 0, 1});
  EXPECT_TRUE(has(
      result_of({ir::MatMulInteger{}, {a, b, u8({2}, {0, 3}), i8({2}, {0, 1})}}).as<std::int32_t>(),
      {1, -1, 0, 0}));
  EXPECT_TRUE(has(result_of({ir::MatMulInteger{}, {a, b}}).as<std::int32_t>(), {1, 2, 3, 4}));
  EXPECT_EQ(refusal_of(ir::MatMulInteger{}, {a, b, u8({3}, {1, 3, 5})}),
            "input 2 [3] is not one element nor one for each row of [2,2]");
  EXPECT_EQ(refusal_of(ir::MatMulInteger{}, {a, b, i8({}, {1})}),
            "inputs 0 and 2 are u8 and i8, not of one dtype");
}

TEST(MatMulInteger, OfNothingIsZero) {
  EXPECT_TRUE(
      has(result_of({ir::MatMulInteger{}, {Tensor(DType::U8, {1, 0}), Tensor(DType::U8, {0, 2})}})
              .as<std::int32_t>(),
          {0, 0}));
}

TEST(ConvInteger, PaddingIsTheZeroPoint) {
  ir::ConvInteger op;
  op.pads = {1, 1};
  EXPECT_TRUE(
      has(result_of(
              {op, {u8({1, 1, 2}, {11, 12}), u8({1, 1, 3}, {1, 2, 3}), u8({}, {10}), u8({}, {1})}})
              .as<std::int32_t>(),
          {1 * 1 + 2 * 2, 1 * 0 + 2 * 1}));
  op.group = 2;
  EXPECT_EQ(refusal_of(op, {u8({1, 1, 2}, {1, 2}), u8({1, 1, 3}, {1, 2, 3})}),
            "the input has 1 channels, the weights take 1 in each of 2 groups");
}

TEST(QLinearConv, AddsItsBiasBeforeItScales) {
  const auto with_scale = [](float scale) {
    return std::vector<std::optional<Tensor>>{u8({1, 1, 1}, {5}), f32({}, {0.5f}),   u8({}, {1}),
                                              i8({1, 1, 1}, {3}), f32({1}, {scale}), i8({}, {0}),
                                              f32({}, {2}),       u8({}, {7}),       i32({1}, {8})};
  };
  // ((5 - 1) 3 + 8) 0.5 0.5 / 2 = 2.5, to even.
  EXPECT_TRUE(has(result_of({ir::QLinearConv{}, with_scale(0.5f)}).as<std::uint8_t>(), {9}));
  EXPECT_EQ(refusal_of(ir::QLinearConv{}, with_scale(0)),
            "a quantisation scale is 0.000000, not a positive finite number");
}

TEST(QLinearMatMul, RoundsToEven) {
  EXPECT_TRUE(has(result_of({ir::QLinearMatMul{},
                             {u8({1, 1}, {5}), f32({}, {0.5f}), u8({}, {0}), u8({1, 1}, {1}),
                              f32({}, {1}), u8({}, {0}), f32({}, {1}), i8({}, {-4})}})
                      .as<std::int8_t>(),
                  {-2}));
}

}  // namespace
}  // namespace keel::kernels
