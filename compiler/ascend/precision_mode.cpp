#include "compiler/ascend/precision_mode.h"

#include <array>
#include <utility>

namespace keel::ascend {
namespace {

struct Spelling {
  std::string_view name;
  PrecisionMode mode;
};

// The first spelling of a mode is the one that is printed.
constexpr std::array kSpellings = {
    Spelling{"force_fp16", PrecisionMode::ForceFp16},
    Spelling{"force_fp32", PrecisionMode::ForceFp32},
    Spelling{"cube_fp16in_fp32out", PrecisionMode::ForceFp32},
    Spelling{"allow_fp32_to_fp16", PrecisionMode::AllowFp32ToFp16},
    Spelling{"must_keep_origin_dtype", PrecisionMode::MustKeepOriginDtype},
};

struct Hf32Spelling {
  std::string_view name;
  Hf32 hf32;
};

constexpr std::array kHf32Spellings = {
    Hf32Spelling{"true", {.conv = true, .matmul = true}},
    Hf32Spelling{"false", {.conv = false, .matmul = false}},
    Hf32Spelling{"10", {.conv = true, .matmul = false}},
    Hf32Spelling{"01", {.conv = false, .matmul = true}},
    Hf32Spelling{"11", {.conv = true, .matmul = true}},
    Hf32Spelling{"00", {.conv = false, .matmul = false}},
};

constexpr Precision kHalf{.input = DType::F16, .output = DType::F16, .compute = FloatFormat::F16};
constexpr Precision kSingle{.input = DType::F32, .output = DType::F32, .compute = FloatFormat::F32};

// An fp32 product on a cube without fp32 is a half product between fp32 edges.
Precision fp32_edges(const PrecisionRules& rules, OpClass op) {
  Precision result = kSingle;
  if (op == OpClass::Vector) return result;
  const bool hf32 = op == OpClass::Conv ? rules.hf32.conv : rules.hf32.matmul;
  if (is_cube(op) && hf32 && rules.cube_hf32) {
    result.compute = FloatFormat::HF32;
  } else if (!rules.cube_fp32) {
    result.compute = FloatFormat::F16;
  }
  return result;
}

}  // namespace

bool is_cube(OpClass op) { return op == OpClass::Conv || op == OpClass::MatMul; }

std::string_view name(PrecisionMode mode) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.mode == mode) return spelling.name;
  }
  KEEL_CHECK(false);
  return {};
}

Result<PrecisionMode> precision_mode_named(std::string_view name) {
  std::string known;
  for (const Spelling& spelling : kSpellings) {
    if (spelling.name == name) return spelling.mode;
    known += (known.empty() ? "" : ", ") + std::string(spelling.name);
  }
  return Error{ErrorCode::InvalidConfig, "precision mode '" + std::string(name) + "' is unknown",
               "precision_mode", "use one of " + known};
}

Result<Hf32> hf32_named(std::string_view text) {
  for (const Hf32Spelling& spelling : kHf32Spellings) {
    if (spelling.name == text) return spelling.hf32;
  }
  return Error{ErrorCode::InvalidConfig,
               "'" + std::string(text) + "' does not say which operators may compute in HF32",
               "allow_hf32", "use true, false, 10 (convolution only) or 01 (matrix product only)"};
}

std::string to_text(const Hf32& hf32) {
  for (const Hf32Spelling& spelling : kHf32Spellings) {
    if (spelling.hf32 == hf32) return std::string(spelling.name);
  }
  KEEL_CHECK(false);
  return {};
}

PrecisionRules rules_of(PrecisionMode mode, Hf32 hf32, const Soc& soc) {
  return {.mode = mode,
          .hf32 = hf32,
          .cube_fp32 = soc.cube_fp32,
          .cube_hf32 = soc.cube_hf32,
          .soc = soc.name};
}

Precision decide(const PrecisionRules& rules, OpClass op, bool kept, bool fp16_kernel,
                 bool fp32_kernel) {
  if (kept || !fp16_kernel) return fp32_edges(rules, op);
  switch (rules.mode) {
    case PrecisionMode::ForceFp16:
      return kHalf;
    case PrecisionMode::ForceFp32:
      if (is_cube(op))
        return {.input = DType::F16, .output = DType::F32, .compute = FloatFormat::F16};
      return fp32_kernel ? fp32_edges(rules, op) : kHalf;
    case PrecisionMode::AllowFp32ToFp16:
      return is_cube(op) || !fp32_kernel ? kHalf : fp32_edges(rules, op);
    case PrecisionMode::MustKeepOriginDtype:
      return fp32_edges(rules, op);
  }
  KEEL_CHECK(false);
  return kSingle;
}

std::optional<std::string> why_not_free(const PrecisionRules& rules, OpClass op, bool fp16_kernel,
                                        bool fp32_kernel) {
  const std::string mode(name(rules.mode));
  if (rules.mode == PrecisionMode::MustKeepOriginDtype)
    return mode + " keeps every operator in its own dtype";
  if (is_cube(op) && !rules.cube_fp32) {
    return "the cube of " + (rules.soc.empty() ? "this SoC" : rules.soc) +
           " has no fp32: keeping it would multiply in fp16 all the same and only add casts";
  }
  if (!fp16_kernel) return "it has no fp16 kernel: it stays in fp32 either way";
  if (!fp32_kernel)
    return "it has no fp32 kernel: keeping it would move it to the AI CPU or fail the compilation";
  if (!is_cube(op) && rules.mode != PrecisionMode::ForceFp16)
    return mode + " computes vector operators in fp32 either way";
  return std::nullopt;
}

}  // namespace keel::ascend
