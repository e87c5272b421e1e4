#include "compiler/ascend/precision_mode.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/places/places.h"

namespace keel::ascend {
namespace {

constexpr std::array kModes = {PrecisionMode::ForceFp16, PrecisionMode::ForceFp32,
                               PrecisionMode::AllowFp32ToFp16, PrecisionMode::MustKeepOriginDtype};
constexpr std::array kClasses = {OpClass::Conv, OpClass::MatMul, OpClass::Vector};
constexpr std::array kFormatNames = {"f32", "f16", "bf16", "hf32"};

std::string class_name(OpClass op) {
  switch (op) {
    case OpClass::Conv:
      return "conv";
    case OpClass::MatMul:
      return "matmul";
    case OpClass::Vector:
      return "vector";
    case OpClass::Recurrent:
      return "recurrent";
  }
  return "";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// "input compute output".
std::string cell(const Precision& precision) {
  return padded(std::string(name(precision.input)) + " " +
                    kFormatNames[static_cast<std::size_t>(precision.compute)] + " " +
                    std::string(name(precision.output)),
                14);
}

Soc shipped(std::string_view soc) {
  Result<Soc> result = load_soc(keel::test::source_folder() / "configs", soc);
  KEEL_CHECK(result.ok());
  return *result;
}

std::string without_trailing_blanks(std::string line) {
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

TEST(PrecisionMode, GivesTheseDtypes) {
  const Soc soc_310 = shipped("Ascend310P3"), soc_910 = shipped("Ascend910B3");
  std::string table = "\n";
  for (const PrecisionMode mode : kModes) {
    for (const OpClass op : kClasses) {
      for (const bool kept : {false, true}) {
        std::string line = padded(std::string(name(mode)), 23) + padded(class_name(op), 7) +
                           (kept ? "kept " : "     ");
        for (const Soc* soc : {&soc_310, &soc_910})
          line += cell(decide(rules_of(mode, Hf32{}, *soc), op, kept, true, true));
        table += without_trailing_blanks(line);
      }
    }
  }
  // Columns: input, compute, output on Ascend310P3; then on Ascend910B3.
  EXPECT_EQ(table, R"(
force_fp16             conv        f16 f16 f16   f16 f16 f16
force_fp16             conv   kept f32 f16 f32   f32 hf32 f32
force_fp16             matmul      f16 f16 f16   f16 f16 f16
force_fp16             matmul kept f32 f16 f32   f32 f32 f32
force_fp16             vector      f16 f16 f16   f16 f16 f16
force_fp16             vector kept f32 f32 f32   f32 f32 f32
force_fp32             conv        f16 f16 f32   f16 f16 f32
force_fp32             conv   kept f32 f16 f32   f32 hf32 f32
force_fp32             matmul      f16 f16 f32   f16 f16 f32
force_fp32             matmul kept f32 f16 f32   f32 f32 f32
force_fp32             vector      f32 f32 f32   f32 f32 f32
force_fp32             vector kept f32 f32 f32   f32 f32 f32
allow_fp32_to_fp16     conv        f16 f16 f16   f16 f16 f16
allow_fp32_to_fp16     conv   kept f32 f16 f32   f32 hf32 f32
allow_fp32_to_fp16     matmul      f16 f16 f16   f16 f16 f16
allow_fp32_to_fp16     matmul kept f32 f16 f32   f32 f32 f32
allow_fp32_to_fp16     vector      f32 f32 f32   f32 f32 f32
allow_fp32_to_fp16     vector kept f32 f32 f32   f32 f32 f32
must_keep_origin_dtype conv        f32 f16 f32   f32 hf32 f32
must_keep_origin_dtype conv   kept f32 f16 f32   f32 hf32 f32
must_keep_origin_dtype matmul      f32 f16 f32   f32 f32 f32
must_keep_origin_dtype matmul kept f32 f16 f32   f32 f32 f32
must_keep_origin_dtype vector      f32 f32 f32   f32 f32 f32
must_keep_origin_dtype vector kept f32 f32 f32   f32 f32 f32
)");
}

TEST(PrecisionMode, GivesTheseDtypesWhereAKernelIsMissing) {
  const Soc soc = shipped("Ascend910B3");
  std::string table = "\n";
  for (const PrecisionMode mode : kModes) {
    for (const OpClass op : kClasses) {
      for (const bool kept : {false, true}) {
        const PrecisionRules rules = rules_of(mode, Hf32{}, soc);
        table += without_trailing_blanks(padded(std::string(name(mode)), 23) +
                                         padded(class_name(op), 7) + (kept ? "kept " : "     ") +
                                         cell(decide(rules, op, kept, false, true)) +
                                         cell(decide(rules, op, kept, true, false)));
      }
    }
  }
  // Columns: input, compute, output without an fp16 kernel; then without an fp32 kernel.
  EXPECT_EQ(table, R"(
force_fp16             conv        f32 hf32 f32  f16 f16 f16
force_fp16             conv   kept f32 hf32 f32  f32 hf32 f32
force_fp16             matmul      f32 f32 f32   f16 f16 f16
force_fp16             matmul kept f32 f32 f32   f32 f32 f32
force_fp16             vector      f32 f32 f32   f16 f16 f16
force_fp16             vector kept f32 f32 f32   f32 f32 f32
force_fp32             conv        f32 hf32 f32  f16 f16 f32
force_fp32             conv   kept f32 hf32 f32  f32 hf32 f32
force_fp32             matmul      f32 f32 f32   f16 f16 f32
force_fp32             matmul kept f32 f32 f32   f32 f32 f32
force_fp32             vector      f32 f32 f32   f16 f16 f16
force_fp32             vector kept f32 f32 f32   f32 f32 f32
allow_fp32_to_fp16     conv        f32 hf32 f32  f16 f16 f16
allow_fp32_to_fp16     conv   kept f32 hf32 f32  f32 hf32 f32
allow_fp32_to_fp16     matmul      f32 f32 f32   f16 f16 f16
allow_fp32_to_fp16     matmul kept f32 f32 f32   f32 f32 f32
allow_fp32_to_fp16     vector      f32 f32 f32   f16 f16 f16
allow_fp32_to_fp16     vector kept f32 f32 f32   f32 f32 f32
must_keep_origin_dtype conv        f32 hf32 f32  f32 hf32 f32
must_keep_origin_dtype conv   kept f32 hf32 f32  f32 hf32 f32
must_keep_origin_dtype matmul      f32 f32 f32   f32 f32 f32
must_keep_origin_dtype matmul kept f32 f32 f32   f32 f32 f32
must_keep_origin_dtype vector      f32 f32 f32   f32 f32 f32
must_keep_origin_dtype vector kept f32 f32 f32   f32 f32 f32
)");
}

TEST(PrecisionMode, SaysWhyAnOperatorIsNotFree) {
  std::string text = "\n";
  for (const std::string soc : {"Ascend310P3", "Ascend910B3"}) {
    for (const PrecisionMode mode : kModes) {
      for (const OpClass op : {OpClass::Conv, OpClass::Vector}) {
        const auto why = why_not_free(rules_of(mode, Hf32{}, shipped(soc)), op, true, true);
        text += soc + " " + std::string(name(mode)) + " " + class_name(op) + ": " +
                why.value_or("free") + "\n";
      }
    }
  }
  EXPECT_EQ(text, R"(
Ascend310P3 force_fp16 conv: the cube of Ascend310P3 has no fp32: keeping it would multiply in fp16 all the same and only add casts
Ascend310P3 force_fp16 vector: free
Ascend310P3 force_fp32 conv: the cube of Ascend310P3 has no fp32: keeping it would multiply in fp16 all the same and only add casts
Ascend310P3 force_fp32 vector: force_fp32 computes vector operators in fp32 either way
Ascend310P3 allow_fp32_to_fp16 conv: the cube of Ascend310P3 has no fp32: keeping it would multiply in fp16 all the same and only add casts
Ascend310P3 allow_fp32_to_fp16 vector: allow_fp32_to_fp16 computes vector operators in fp32 either way
Ascend310P3 must_keep_origin_dtype conv: must_keep_origin_dtype keeps every operator in its own dtype
Ascend310P3 must_keep_origin_dtype vector: must_keep_origin_dtype keeps every operator in its own dtype
Ascend910B3 force_fp16 conv: free
Ascend910B3 force_fp16 vector: free
Ascend910B3 force_fp32 conv: free
Ascend910B3 force_fp32 vector: force_fp32 computes vector operators in fp32 either way
Ascend910B3 allow_fp32_to_fp16 conv: free
Ascend910B3 allow_fp32_to_fp16 vector: allow_fp32_to_fp16 computes vector operators in fp32 either way
Ascend910B3 must_keep_origin_dtype conv: must_keep_origin_dtype keeps every operator in its own dtype
Ascend910B3 must_keep_origin_dtype vector: must_keep_origin_dtype keeps every operator in its own dtype
)");
}

TEST(PrecisionMode, FreesNoOperatorThatLacksAKernel) {
  const PrecisionRules rules = rules_of(PrecisionMode::ForceFp16, Hf32{}, shipped("Ascend910B3"));
  for (const OpClass op : kClasses) {
    EXPECT_EQ(why_not_free(rules, op, false, true),
              "it has no fp16 kernel: it stays in fp32 either way");
    EXPECT_EQ(
        why_not_free(rules, op, true, false),
        "it has no fp32 kernel: keeping it would move it to the AI CPU or fail the compilation");
  }
}

TEST(PrecisionMode, FreesOnlyWhatKeepingChanges) {
  for (const std::string_view soc : {"Ascend310P3", "Ascend910B3"}) {
    for (const PrecisionMode mode : kModes) {
      for (const OpClass op : kClasses) {
        for (const int kernels : {1, 2, 3}) {
          const bool fp16_kernel = (kernels & 1) != 0, fp32_kernel = (kernels & 2) != 0;
          const PrecisionRules rules = rules_of(mode, Hf32{}, shipped(soc));
          if (why_not_free(rules, op, fp16_kernel, fp32_kernel)) continue;
          EXPECT_NE(decide(rules, op, false, fp16_kernel, fp32_kernel),
                    decide(rules, op, true, fp16_kernel, fp32_kernel))
              << soc << " " << name(mode) << " " << class_name(op);
        }
      }
    }
  }
}

// Edges and rules of a vector operator, products of the cube.
TEST(PrecisionMode, MultipliesInHalfWhereAKeptRecurrenceHasNoFp32Cube) {
  for (const std::string_view name : {"Ascend310P3", "Ascend910B3"}) {
    const Soc soc = shipped(name);
    for (const PrecisionMode mode : kModes)
      for (const bool kept : {false, true}) {
        const PrecisionRules rules = rules_of(mode, Hf32{.conv = true, .matmul = true}, soc);
        Precision expected = decide(rules, OpClass::Vector, kept, true, true);
        if (expected.compute == FloatFormat::F32 && !soc.cube_fp32)
          expected.compute = FloatFormat::F16;
        EXPECT_EQ(decide(rules, OpClass::Recurrent, kept, true, true), expected);
        EXPECT_EQ(why_not_free(rules, OpClass::Recurrent, true, true).has_value(),
                  why_not_free(rules, OpClass::Vector, true, true).has_value());
      }
  }
}

TEST(PrecisionMode, ComputesKeptCubeOperatorsInHf32WhereAllowed) {
  const Soc soc = shipped("Ascend910B3");
  const auto compute = [&](Hf32 hf32, OpClass op) {
    return decide(rules_of(PrecisionMode::ForceFp16, hf32, soc), op, true, true, true).compute;
  };
  const Hf32 conv_only{.conv = true, .matmul = false}, matmul_only{.conv = false, .matmul = true};
  EXPECT_EQ(compute(conv_only, OpClass::Conv), FloatFormat::HF32);
  EXPECT_EQ(compute(conv_only, OpClass::MatMul), FloatFormat::F32);
  EXPECT_EQ(compute(matmul_only, OpClass::Conv), FloatFormat::F32);
  EXPECT_EQ(compute(matmul_only, OpClass::MatMul), FloatFormat::HF32);
  EXPECT_EQ(compute(matmul_only, OpClass::Vector), FloatFormat::F32);
}

TEST(PrecisionMode, IsSpelledAsTheVendorDoes) {
  for (const PrecisionMode mode : kModes) {
    const Result<PrecisionMode> read = precision_mode_named(name(mode));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, mode);
  }
  EXPECT_EQ(*precision_mode_named("cube_fp16in_fp32out"), PrecisionMode::ForceFp32);
  EXPECT_EQ(name(PrecisionMode::ForceFp32), "force_fp32");
}

TEST(PrecisionMode, ReportsAnUnknownSpelling) {
  const Result<PrecisionMode> read = precision_mode_named("fp8");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(read.error().what, "precision mode 'fp8' is unknown");
  EXPECT_EQ(read.error().where, "precision_mode");
  EXPECT_EQ(read.error().fix,
            "use one of force_fp16, force_fp32, cube_fp16in_fp32out, allow_fp32_to_fp16, "
            "must_keep_origin_dtype");
}

TEST(PrecisionMode, ReadsBackEveryHf32Setting) {
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

TEST(PrecisionMode, ReportsAnUnknownHf32Setting) {
  const Result<Hf32> read = hf32_named("yes");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().what, "'yes' does not say which operators may compute in HF32");
  EXPECT_EQ(read.error().where, "allow_hf32");
  EXPECT_EQ(read.error().fix, "use true, false, 10 (convolution only) or 01 (matrix product only)");
}

}  // namespace
}  // namespace keel::ascend
