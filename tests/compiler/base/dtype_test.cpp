#include "compiler/base/dtype.h"

#include <gtest/gtest.h>

#include "compiler/base/host_type.h"

namespace keel {
namespace {

constexpr std::uint8_t kDTypeCount = 13;

TEST(DType, NamesAreTheInverseOfParsing) {
  for (std::uint8_t i = 0; i < kDTypeCount; ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(dtype_named(name(dtype)), dtype);
  }
  EXPECT_EQ(dtype_named("float"), std::nullopt);
  EXPECT_EQ(dtype_named(""), std::nullopt);
}

TEST(DType, NumbersStoredInStudiesDoNotChange) {
  EXPECT_EQ(static_cast<int>(DType::F16), 1);
  EXPECT_EQ(static_cast<int>(DType::BF16), 2);
  EXPECT_EQ(static_cast<int>(DType::Bool), 6);
  EXPECT_EQ(static_cast<int>(DType::U64), 12);
}

TEST(DType, NarrowFloatsAreHeldAsFloats) {
  EXPECT_EQ(size_of(DType::F16), 2u);
  EXPECT_EQ(host_size_of(DType::F16), 4u);
  EXPECT_EQ(host_size_of(DType::BF16), 4u);
  EXPECT_EQ(host_size_of(DType::I16), 2u);
}

TEST(DType, HostTypeHasTheHostSize) {
  for (std::uint8_t i = 0; i < kDTypeCount; ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(with_host_type(dtype, [](auto zero) { return sizeof zero; }), host_size_of(dtype));
  }
}

}  // namespace
}  // namespace keel
