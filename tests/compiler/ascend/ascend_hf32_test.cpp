#include <gtest/gtest.h>

#include "compiler/ascend/hf32.h"

namespace keel::ascend {
namespace {

TEST(Hf32, ReadsBackEverySetting) {
  for (const bool conv : {false, true}) {
    for (const bool matmul : {false, true}) {
      const Hf32 hf32{.conv = conv, .matmul = matmul};
      const Result<Hf32> read = hf32_named(to_text(hf32));
      ASSERT_TRUE(read.ok());
      EXPECT_EQ(*read, hf32);
    }
  }
  EXPECT_EQ(to_text(Hf32{}), "10");
  EXPECT_EQ(*hf32_named("11"), *hf32_named("true"));
  EXPECT_EQ(*hf32_named("00"), *hf32_named("false"));
}

TEST(Hf32, ReportsAnUnknownSetting) {
  const Result<Hf32> read = hf32_named("yes");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().what, "'yes' does not say which operators may compute in HF32");
  EXPECT_EQ(read.error().where, "allow_hf32");
  EXPECT_EQ(read.error().fix, "use true, false, 10 (convolution only) or 01 (matrix product only)");
}

}  // namespace
}  // namespace keel::ascend
