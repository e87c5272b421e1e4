#include "compiler/ascend/hf32.h"

#include <array>

namespace keel::ascend {
namespace {

struct Spelling {
  std::string_view name;
  Hf32 hf32;
};

// The first spelling of a setting is the one that is printed.
constexpr std::array kSpellings = {
    Spelling{"true", {.conv = true, .matmul = true}},
    Spelling{"false", {.conv = false, .matmul = false}},
    Spelling{"10", {.conv = true, .matmul = false}},
    Spelling{"01", {.conv = false, .matmul = true}},
    Spelling{"11", {.conv = true, .matmul = true}},
    Spelling{"00", {.conv = false, .matmul = false}},
};

}  // namespace

Result<Hf32> hf32_named(std::string_view text) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.name == text) return spelling.hf32;
  }
  return Error{ErrorCode::InvalidConfig,
               "'" + std::string(text) + "' does not say which operators may compute in HF32",
               "allow_hf32", "use true, false, 10 (convolution only) or 01 (matrix product only)"};
}

std::string to_text(const Hf32& hf32) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.hf32 == hf32) return std::string(spelling.name);
  }
  KEEL_CHECK(false);
  return {};
}

}  // namespace keel::ascend
