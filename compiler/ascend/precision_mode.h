#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/ascend/soc.h"
#include "compiler/base/dtype.h"
#include "compiler/base/rounding.h"

namespace keel::ascend {

/// `--precision_mode`. The numbers are stored in studies: append only.
enum class PrecisionMode : std::uint8_t {
  ForceFp16 = 0,
  ForceFp32 = 1,  ///< also spelled cube_fp16in_fp32out
  AllowFp32ToFp16 = 2,
  MustKeepOriginDtype = 3,
};

/// The vendor's spelling, "force_fp16".
std::string_view name(PrecisionMode mode);
/// \error InvalidConfig  unknown; `fix` lists the known ones
Result<PrecisionMode> precision_mode_named(std::string_view name);

/// `--allow_hf32`: which kept cube operators compute in HF32 where the SoC has it. The vendor's
/// default is convolution on, matrix product off.
struct Hf32 {
  bool conv = true;
  bool matmul = false;
  bool operator==(const Hf32&) const = default;
};

/// "true", "false", or the vendor's two-digit form: "10" convolution only, "01" matmul only.
Result<Hf32> hf32_named(std::string_view text);
std::string to_text(const Hf32& hf32);

/// What an operator computes in, from the rules' point of view. A recurrent one (GRU, RNN, LSTM)
/// follows the rules of vector operators, but its products are the cube's.
enum class OpClass : std::uint8_t { Conv, MatMul, Vector, Recurrent };

/// Whether it is one product of the cube.
bool is_cube(OpClass op);

/// The dtypes of one operator in a compiled program.
struct Precision {
  DType input = DType::F32;                ///< operands are cast to it
  DType output = DType::F32;               ///< the result is rounded to it
  FloatFormat compute = FloatFormat::F32;  ///< what cube operands are multiplied in
  bool operator==(const Precision&) const = default;
};

/// Everything global that decides dtypes.
struct PrecisionRules {
  PrecisionMode mode = PrecisionMode::ForceFp16;
  Hf32 hf32;
  bool cube_fp32 = false;  ///< from the SoC
  bool cube_hf32 = false;
  std::string soc;  ///< its name, for messages
};
PrecisionRules rules_of(PrecisionMode mode, Hf32 hf32, const Soc& soc);

/// Dtypes of an fp32 operator of the model. An operator is never lowered to a kernel that does not
/// exist; one that is kept without an fp32 kernel is computed in fp32 by the AI CPU.
/// \param kept          on the keep list, or kept by an assignment
/// \param fp16_kernel   the SoC has an fp16 kernel of it
/// \param fp32_kernel   the SoC has an fp32 kernel of it
Precision decide(const PrecisionRules& rules, OpClass op, bool kept, bool fp16_kernel,
                 bool fp32_kernel);

/// Why the search may not choose an operator's bit; empty where it may. "force_fp32 computes vector
/// operators in fp32 either way", "the cube of Ascend310P3 has no fp32: keeping it would ...".
std::optional<std::string> why_not_free(const PrecisionRules& rules, OpClass op, bool fp16_kernel,
                                        bool fp32_kernel);

}  // namespace keel::ascend
