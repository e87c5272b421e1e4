#include "compiler/ascend/precision_mode.h"

#include <gtest/gtest.h>

#include <set>

#include "compiler/base/error_text.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

Soc shipped(std::string_view soc) {
  Result<Soc> result = load_soc(keel::test::source_folder() / "configs", soc);
  KEEL_CHECK(result.ok());
  return *result;
}

std::string problem(const auto& result) { return result.ok() ? "" : to_text(result.error()); }

TEST(PrecisionMode, HasOneRowEachAndNoSpellingTwice) {
  std::set<std::string_view> v1, v2;
  std::size_t number = 0;
  for (const ModeRow& row : precision_modes()) {
    EXPECT_EQ(static_cast<std::size_t>(row.mode), number++);
    for (const std::string_view name : {row.v1, row.v1_also})
      EXPECT_TRUE(name.empty() || v1.insert(name).second) << name;
    EXPECT_TRUE(row.v2.empty() || v2.insert(row.v2).second) << row.v2;
    EXPECT_FALSE(name(row.mode).empty());
  }
  EXPECT_EQ(number, 9U);
}

TEST(PrecisionMode, IsSpelledAsTheVendorDoes) {
  using enum PrecisionMode;
  struct Case {
    const char* name;
    ModeOption option;
    PrecisionMode mode;
  };
  for (const Case& c : {Case{"force_fp16", ModeOption::V1, ForceFp16},
                        Case{"force_fp32", ModeOption::V1, ForceFp32},
                        Case{"cube_fp16in_fp32out", ModeOption::V1, ForceFp32},
                        Case{"allow_fp32_to_fp16", ModeOption::V1, AllowFp32ToFp16},
                        Case{"must_keep_origin_dtype", ModeOption::V1, MustKeepOriginDtype},
                        Case{"allow_mix_precision", ModeOption::V1, AllowMixPrecisionFp16},
                        Case{"allow_mix_precision_fp16", ModeOption::V1, AllowMixPrecisionFp16},
                        Case{"allow_mix_precision_bf16", ModeOption::V1, AllowMixPrecisionBf16},
                        Case{"allow_fp32_to_bf16", ModeOption::V1, AllowFp32ToBf16},
                        Case{"fp16", ModeOption::V2, ForceFp16},
                        Case{"cube_fp16in_fp32out", ModeOption::V2, ForceFp32},
                        Case{"origin", ModeOption::V2, MustKeepOriginDtype},
                        Case{"mixed_float16", ModeOption::V2, AllowMixPrecisionFp16},
                        Case{"mixed_bfloat16", ModeOption::V2, AllowMixPrecisionBf16},
                        Case{"cube_hif8", ModeOption::V2, CubeHif8},
                        Case{"mixed_hif8", ModeOption::V2, MixedHif8}}) {
    const Result<PrecisionMode> read = precision_mode_named(c.name, c.option);
    ASSERT_TRUE(read.ok()) << c.name;
    EXPECT_EQ(*read, c.mode) << c.name;
  }
  EXPECT_EQ(name(ForceFp32), "force_fp32");
  EXPECT_EQ(name(AllowMixPrecisionFp16), "allow_mix_precision");
}

TEST(PrecisionMode, ReportsAnUnknownSpelling) {
  EXPECT_EQ(problem(precision_mode_named("fp8")),
            "error: precision mode 'fp8' is unknown\n   at: precision_mode\n"
            "  fix: use one of force_fp16, force_fp32, cube_fp16in_fp32out, allow_fp32_to_fp16, "
            "must_keep_origin_dtype, allow_mix_precision, allow_mix_precision_fp16, "
            "allow_mix_precision_bf16, allow_fp32_to_bf16");
  EXPECT_EQ(problem(precision_mode_named("fp8", ModeOption::V2)),
            "error: precision mode 'fp8' is unknown\n   at: precision_mode_v2\n"
            "  fix: use one of fp16, cube_fp16in_fp32out, origin, mixed_float16, mixed_bfloat16, "
            "cube_hif8, mixed_hif8");
}

TEST(PrecisionMode, ReportsASpellingOfTheOtherOption) {
  EXPECT_EQ(
      problem(precision_mode_named("mixed_float16")),
      "error: precision mode 'mixed_float16' is a spelling of --precision_mode_v2\n"
      "   at: precision_mode\n"
      "  fix: use --precision_mode_v2=mixed_float16, or --precision_mode=allow_mix_precision");
  EXPECT_EQ(problem(precision_mode_named("allow_fp32_to_bf16", ModeOption::V2)),
            "error: precision mode 'allow_fp32_to_bf16' is a spelling of --precision_mode\n"
            "   at: precision_mode_v2\n  fix: use --precision_mode=allow_fp32_to_bf16");
}

TEST(PrecisionMode, ComesFromOneOfTheTwoOptions) {
  EXPECT_EQ(*chosen_mode(std::nullopt, std::nullopt), PrecisionMode::ForceFp16);
  EXPECT_EQ(*chosen_mode("force_fp32", std::nullopt), PrecisionMode::ForceFp32);
  EXPECT_EQ(*chosen_mode(std::nullopt, "origin"), PrecisionMode::MustKeepOriginDtype);
  EXPECT_EQ(problem(chosen_mode("force_fp16", "fp16")),
            "error: --precision_mode=force_fp16 and --precision_mode_v2=fp16 are both given, which "
            "the vendor's compiler refuses (E10056)\n   at: precision_mode\n"
            "  fix: give one of them");
}

TEST(PrecisionMode, IsRefusedOnAChipThatLacksItsDtype) {
  EXPECT_EQ(problem(check_mode(PrecisionMode::AllowMixPrecisionBf16, shipped("Ascend310P3"))),
            "error: allow_mix_precision_bf16 needs bf16, which Ascend310P3 does not have\n"
            "   at: precision_mode\n  fix: use allow_mix_precision, or a chip with bf16");
  EXPECT_EQ(problem(check_mode(PrecisionMode::AllowFp32ToBf16, shipped("Ascend310P3"))),
            "error: allow_fp32_to_bf16 needs bf16, which Ascend310P3 does not have\n"
            "   at: precision_mode\n  fix: use allow_fp32_to_fp16, or a chip with bf16");
  EXPECT_EQ(problem(check_mode(PrecisionMode::CubeHif8, shipped("Ascend910B3"))),
            "error: cube_hif8 computes in HiFloat8, which of the vendor's chips only Ascend 950 "
            "has, and Ascend910B3 has not\n   at: precision_mode_v2\n"
            "  fix: use mixed_float16 or fp16");
  EXPECT_FALSE(check_mode(PrecisionMode::MixedHif8, shipped("Ascend910B3")).ok());
  for (const ModeRow& row : precision_modes()) {
    if (!row.needs_hif8) {
      EXPECT_TRUE(check_mode(row.mode, shipped("Ascend910B3")).ok()) << name(row.mode);
    }
  }
}

TEST(PrecisionMode, KnowsTheVendorsMatrixTypes) {
  for (const char* type : {"Conv2D", "MatMulV2", "GEMM", "Deconvolution", "Conv3DTransposeD",
                           "DepthwiseConv2DBackpropInputD", "FullyConnection"})
    EXPECT_TRUE(is_cube_type(type)) << type;
  for (const char* type : {"Relu", "CommonLSTM", "Einsum", "conv2d", "Conv", ""})
    EXPECT_FALSE(is_cube_type(type)) << type;
}

}  // namespace
}  // namespace keel::ascend
