#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/ascend/certainty.h"
#include "compiler/ascend/hf32.h"
#include "compiler/ascend/soc.h"
#include "compiler/base/dtype.h"

namespace keel::ascend {

/// The vendor's global mode. The numbers are stored in studies: append only.
enum class PrecisionMode : std::uint8_t {
  ForceFp16 = 0,
  ForceFp32 = 1,  ///< also spelled cube_fp16in_fp32out
  AllowFp32ToFp16 = 2,
  MustKeepOriginDtype = 3,
  AllowMixPrecisionFp16 = 4,  ///< also spelled allow_mix_precision
  AllowMixPrecisionBf16 = 5,
  AllowFp32ToBf16 = 6,
  CubeHif8 = 7,
  MixedHif8 = 8,
};

/// The two options that set it; a command line has one of them.
enum class ModeOption : std::uint8_t {
  V1,  ///< --precision_mode
  V2,  ///< --precision_mode_v2
};

/// What a mode wants an fp32 operator to compute in.
enum class Want : std::uint8_t {
  Reduced,        ///< the reduced dtype of the mode
  Fp16InFp32Out,  ///< fp16 operands and an fp32 result
  Fp32,           ///< fp32, to which narrower sources are raised
  Origin,         ///< the dtype the model has
  MixList,        ///< white: reduced; black: origin; gray: as its first data predecessor
};

/// What is tried, in this order, where the wanted dtype has no kernel.
enum class Otherwise : std::uint8_t {
  Supported,        ///< whichever dtype has one
  Fp32Fp16Error,    ///< fp32; fp16; the compile fails
  Fp16,             ///< fp16
  Fp16UnlessBlack,  ///< fp16; a black-listed operator: the AI CPU, or the compile fails
  AiCpu,            ///< the AI CPU, or the compile fails
  Fp32,             ///< fp32
  Bf16,             ///< bf16
};

/// One row of the vendor's table.
struct ModeRow {
  PrecisionMode mode;
  std::string_view v1, v1_also;  ///< spellings of --precision_mode; empty: none
  std::string_view v2;           ///< of --precision_mode_v2
  DType reduced;
  Want cube;  ///< of the matrix operators: is_cube_type()
  Otherwise cube_otherwise;
  Want vector;  ///< of all others
  Otherwise vector_otherwise;
  bool needs_bf16;
  bool needs_hif8;
  bool reads_keep_list;  ///< --keep_dtype has an effect
};

/// The whole table, in the order of the enumeration.
std::span<const ModeRow> precision_modes();
const ModeRow& row_of(PrecisionMode mode);

/// Whether the vendor's mixed-precision lists decide.
bool is_mixed(PrecisionMode mode);

/// "force_fp16": the spelling of --precision_mode, of --precision_mode_v2 where it has none.
std::string_view name(PrecisionMode mode);

/// \error InvalidConfig  unknown, or of the other option; `fix` says what to write
Result<PrecisionMode> precision_mode_named(std::string_view name,
                                           ModeOption option = ModeOption::V1);

/// The mode of a command line, force_fp16 where neither option is given.
/// \error InvalidConfig  both are given (the vendor's E10056), or as precision_mode_named()
Result<PrecisionMode> chosen_mode(const std::optional<std::string>& v1,
                                  const std::optional<std::string>& v2);

/// \error Unsupported  the chip lacks the mode's dtype
Status check_mode(PrecisionMode mode, const Soc& soc);

/// Whether the vendor's list of matrix operators has this Ascend type.
bool is_cube_type(std::string_view ascend_type);

}  // namespace keel::ascend
