#pragma once

#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace keel::ascend {

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

}  // namespace keel::ascend
