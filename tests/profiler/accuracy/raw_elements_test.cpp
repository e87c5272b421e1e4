#include "profiler/accuracy/raw_elements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/base/error_text.h"

namespace keel::accuracy {
namespace {

template <class T>
Tensor vector_of(DType dtype, std::initializer_list<T> values) {
  Tensor tensor(dtype, {static_cast<std::int64_t>(values.size())});
  std::ranges::copy(values, tensor.fill<T>().begin());
  return tensor;
}

std::string error_of(const Result<Tensor>& result) {
  return result.ok() ? "no error" : to_text(result.error());
}

TEST(RawElements, WidensHalfAndBfloat16) {
  const std::uint16_t half[] = {0x3c00, 0xc000, 0x0001};
  const Tensor f16 = from_raw({DType::F16, {3}}, std::as_bytes(std::span(half)));
  EXPECT_EQ(f16.as<float>()[0], 1.0f);
  EXPECT_EQ(f16.as<float>()[1], -2.0f);
  EXPECT_EQ(f16.as<float>()[2], 0x1p-24f);
  const std::uint16_t brain[] = {0x3f80, 0xc040};
  const Tensor bf16 = from_raw({DType::BF16, {2}}, std::as_bytes(std::span(brain)));
  EXPECT_EQ(bf16.as<float>()[0], 1.0f);
  EXPECT_EQ(bf16.as<float>()[1], -3.0f);
}

TEST(RawElements, MakesEveryTruthOne) {
  const std::uint8_t bytes[] = {0, 1, 255};
  const Tensor truth = from_raw({DType::Bool, {3}}, std::as_bytes(std::span(bytes)));
  EXPECT_EQ(truth.as<std::uint8_t>()[1], 1);
  EXPECT_EQ(truth.as<std::uint8_t>()[2], 1);
}

TEST(RawElements, RoundsFloat64ToTheInput) {
  const Tensor wide = vector_of<double>(DType::F64, {0.1, 1.0 + 0x1p-11, 3.0});
  EXPECT_EQ(converted(wide, DType::F32)->as<float>()[0], 0.1f);
  EXPECT_EQ(converted(wide, DType::F16)->as<float>()[1], 1.0f);
  EXPECT_EQ(converted(wide, DType::F16)->dtype(), DType::F16);
}

TEST(RawElements, WidensFloat16ToTheInput) {
  const Tensor half = vector_of<float>(DType::F16, {0.5f});
  EXPECT_EQ(converted(half, DType::F32)->dtype(), DType::F32);
  EXPECT_EQ(converted(half, DType::F64)->as<double>()[0], 0.5);
}

TEST(RawElements, ConvertsIntegersThatFit) {
  const Tensor wide = vector_of<std::int64_t>(DType::I64, {0, 1, 127});
  EXPECT_EQ(converted(wide, DType::I8)->as<std::int8_t>()[2], 127);
  EXPECT_EQ(converted(wide, DType::U64)->as<std::uint64_t>()[2], 127u);
  const Tensor bits = vector_of<std::uint8_t>(DType::U8, {0, 1});
  EXPECT_EQ(converted(bits, DType::Bool)->as<std::uint8_t>()[1], 1);
}

TEST(RawElements, RefusesAnIntegerThatDoesNotFit) {
  const Tensor wide = vector_of<std::int64_t>(DType::I64, {0, -1});
  EXPECT_EQ(error_of(converted(wide, DType::U8)),
            "error: element 1 is -1, which u8 cannot hold\n"
            "  fix: scale or clip the data to what the model was made for");
  const Tensor two = vector_of<std::int8_t>(DType::I8, {2});
  EXPECT_EQ(error_of(converted(two, DType::Bool)),
            "error: element 0 is 2, which bool cannot hold\n"
            "  fix: scale or clip the data to what the model was made for");
}

TEST(RawElements, RefusesAFloatBeyondTheInputsRange) {
  const Tensor wide = vector_of<double>(DType::F64, {1e300});
  EXPECT_EQ(error_of(converted(wide, DType::F32)),
            "error: element 0 is 1e+300, which f32 cannot hold\n"
            "  fix: scale or clip the data to what the model was made for");
  const Tensor large = vector_of<float>(DType::F32, {65520.0f});
  EXPECT_EQ(error_of(converted(large, DType::F16)),
            "error: element 0 is 65520, which f16 cannot hold\n"
            "  fix: scale or clip the data to what the model was made for");
}

TEST(RawElements, RefusesToTurnFloatsIntoIntegersOrBack) {
  EXPECT_EQ(error_of(converted(vector_of<float>(DType::F32, {1}), DType::I64)),
            "error: dtype is f32, the input takes i64\n"
            "  fix: save the data as i64");
  EXPECT_EQ(error_of(converted(vector_of<std::uint8_t>(DType::U8, {1}), DType::F32)),
            "error: dtype is u8, the input takes f32\n"
            "  fix: save the data as f32");
}

TEST(RawElements, FindsTheFirstNonFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(first_non_finite(vector_of<float>(DType::F32, {0, 1, nan, nan})), 2u);
  EXPECT_EQ(first_non_finite(vector_of<double>(DType::F64, {-HUGE_VAL})), 0u);
  EXPECT_EQ(first_non_finite(vector_of<float>(DType::F32, {0, 1})), std::nullopt);
  EXPECT_EQ(first_non_finite(vector_of<std::int32_t>(DType::I32, {0x7fc00000})), std::nullopt);
}

}  // namespace
}  // namespace keel::accuracy
