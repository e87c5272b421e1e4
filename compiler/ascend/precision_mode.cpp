#include "compiler/ascend/precision_mode.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keel::ascend {
namespace {

// The vendor's table (documentation of --precision_mode and --precision_mode_v2).
constexpr auto kTable = [] {
  using enum PrecisionMode;
  using enum Want;
  using O = Otherwise;
  using enum DType;
  constexpr bool kBf16 = true, kHif8 = true, kKeeps = true;
  // clang-format off
  return std::array<ModeRow, 9>{{
    // mode, --precision_mode, also, --precision_mode_v2
    //         reduced, matrix operators, else, other operators, else, needs, --keep_dtype counts
    {ForceFp16, "force_fp16", "", "fp16",
      F16,  Reduced,       O::Supported,     Reduced, O::Supported,       !kBf16, !kHif8, kKeeps},
    {ForceFp32, "force_fp32", "cube_fp16in_fp32out", "cube_fp16in_fp32out",
      F16,  Fp16InFp32Out, O::Fp32Fp16Error, Fp32,    O::Fp16UnlessBlack, !kBf16, !kHif8, kKeeps},
    {AllowFp32ToFp16, "allow_fp32_to_fp16", "", "",
      F16,  Reduced,       O::Supported,     Origin,  O::Fp16,            !kBf16, !kHif8, kKeeps},
    {MustKeepOriginDtype, "must_keep_origin_dtype", "", "origin",
      F16,  Origin,        O::AiCpu,         Origin,  O::AiCpu,           !kBf16, !kHif8, !kKeeps},
    {AllowMixPrecisionFp16, "allow_mix_precision", "allow_mix_precision_fp16", "mixed_float16",
      F16,  MixList,       O::Fp32,          MixList, O::Fp32,            !kBf16, !kHif8, kKeeps},
    {AllowMixPrecisionBf16, "allow_mix_precision_bf16", "", "mixed_bfloat16",
      BF16, MixList,       O::AiCpu,         MixList, O::AiCpu,           kBf16, !kHif8, kKeeps},
    {AllowFp32ToBf16, "allow_fp32_to_bf16", "", "",
      BF16, Origin,        O::Bf16,          Origin,  O::Bf16,            kBf16, !kHif8, kKeeps},
    {CubeHif8, "", "", "cube_hif8",
      F16,  Reduced,       O::Supported,     Origin,  O::Supported,       !kBf16, kHif8, kKeeps},
    {MixedHif8, "", "", "mixed_hif8",
      F16,  MixList,       O::Supported,     MixList, O::Supported,       !kBf16, kHif8, kKeeps},
  }};
  // clang-format on
}();

// The vendor's list, D variants and all (its source).
constexpr std::array<std::string_view, 27> kCubeTypes = {
    "BatchMatMul",
    "BatchMatMulV2",
    "Conv2D",
    "Conv2DBackpropFilter",
    "Conv2DBackpropFilterD",
    "Conv2DBackpropInput",
    "Conv2DBackpropInputD",
    "Conv2DCompress",
    "Conv2DTranspose",
    "Conv2DTransposeD",
    "Conv3D",
    "Conv3DBackpropFilter",
    "Conv3DBackpropFilterD",
    "Conv3DBackpropInput",
    "Conv3DBackpropInputD",
    "Conv3DTranspose",
    "Conv3DTransposeD",
    "Deconvolution",
    "DepthwiseConv2D",
    "DepthwiseConv2DBackpropFilter",
    "DepthwiseConv2DBackpropFilterD",
    "DepthwiseConv2DBackpropInput",
    "DepthwiseConv2DBackpropInputD",
    "FullyConnection",
    "GEMM",
    "MatMul",
    "MatMulV2",
};
static_assert(std::ranges::is_sorted(kCubeTypes));

std::string_view flag_of(ModeOption option) {
  return option == ModeOption::V1 ? "precision_mode" : "precision_mode_v2";
}

bool has_spelling(const ModeRow& row, ModeOption option, std::string_view name) {
  if (name.empty()) return false;
  return option == ModeOption::V1 ? row.v1 == name || row.v1_also == name : row.v2 == name;
}

std::string known_names(ModeOption option) {
  std::string known;
  const auto add = [&](std::string_view name) {
    if (!name.empty()) known += (known.empty() ? "" : ", ") + std::string(name);
  };
  for (const ModeRow& row : kTable) {
    add(option == ModeOption::V1 ? row.v1 : row.v2);
    if (option == ModeOption::V1) add(row.v1_also);
  }
  return known;
}

const ModeRow* find(ModeOption option, std::string_view name) {
  const auto row =
      std::ranges::find_if(kTable, [&](const ModeRow& r) { return has_spelling(r, option, name); });
  return row == kTable.end() ? nullptr : &*row;
}

}  // namespace

std::span<const ModeRow> precision_modes() { return kTable; }

const ModeRow& row_of(PrecisionMode mode) {
  const auto row = std::ranges::find(kTable, mode, &ModeRow::mode);
  KEEL_CHECK(row != kTable.end());
  return *row;
}

bool is_mixed(PrecisionMode mode) { return row_of(mode).cube == Want::MixList; }

std::string_view name(PrecisionMode mode) {
  const ModeRow& row = row_of(mode);
  return row.v1.empty() ? row.v2 : row.v1;
}

Result<PrecisionMode> precision_mode_named(std::string_view name, ModeOption option) {
  if (const ModeRow* row = find(option, name)) return row->mode;
  const ModeOption other = option == ModeOption::V1 ? ModeOption::V2 : ModeOption::V1;
  if (const ModeRow* row = find(other, name)) {
    const std::string_view here = option == ModeOption::V1 ? row->v1 : row->v2;
    std::string fix = "use --" + std::string(flag_of(other)) + "=" + std::string(name);
    if (!here.empty()) fix += ", or --" + std::string(flag_of(option)) + "=" + std::string(here);
    return Error{ErrorCode::InvalidConfig,
                 "precision mode '" + std::string(name) + "' is a spelling of --" +
                     std::string(flag_of(other)),
                 std::string(flag_of(option)), std::move(fix)};
  }
  return Error{ErrorCode::InvalidConfig, "precision mode '" + std::string(name) + "' is unknown",
               std::string(flag_of(option)), "use one of " + known_names(option)};
}

Result<PrecisionMode> chosen_mode(const std::optional<std::string>& v1,
                                  const std::optional<std::string>& v2) {
  if (v1 && v2)
    return Error{ErrorCode::InvalidConfig,
                 "--precision_mode=" + *v1 + " and --precision_mode_v2=" + *v2 +
                     " are both given, which the vendor's compiler refuses (E10056)",
                 "precision_mode", "give one of them"};
  if (v2) return precision_mode_named(*v2, ModeOption::V2);
  return v1 ? precision_mode_named(*v1) : PrecisionMode::ForceFp16;
}

Status check_mode(PrecisionMode mode, const Soc& soc) {
  const ModeRow& row = row_of(mode);
  if (row.needs_hif8)
    return Error{ErrorCode::Unsupported,
                 std::string(name(mode)) +
                     " computes in HiFloat8, which of the vendor's chips only " +
                     "Ascend 950 has, and " + soc.name + " has not",
                 "precision_mode_v2", "use mixed_float16 or fp16"};
  if (row.needs_bf16 && !soc.bf16)
    return Error{ErrorCode::Unsupported,
                 std::string(name(mode)) + " needs bf16, which " + soc.name + " does not have",
                 "precision_mode",
                 "use " +
                     std::string(name(is_mixed(mode) ? PrecisionMode::AllowMixPrecisionFp16
                                                     : PrecisionMode::AllowFp32ToFp16)) +
                     ", or a chip with bf16"};
  return Done{};
}

bool is_cube_type(std::string_view ascend_type) {
  return std::ranges::binary_search(kCubeTypes, ascend_type);
}

}  // namespace keel::ascend
