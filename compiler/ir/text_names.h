#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "compiler/base/rounding.h"

namespace keel::ir {

constexpr std::array kComputeNames =
    std::to_array<std::string_view>({"f32", "f16", "bf16", "hf32"});

/// The spelling of `compute=` in the text form.
constexpr std::string_view compute_name(FloatFormat format) {
  return kComputeNames[static_cast<std::size_t>(format)];
}

/// The inverse of compute_name(); empty for an unknown spelling.
constexpr std::optional<FloatFormat> compute_named(std::string_view name) {
  for (std::size_t i = 0; i < kComputeNames.size(); ++i)
    if (kComputeNames[i] == name) return static_cast<FloatFormat>(i);
  return std::nullopt;
}

}  // namespace keel::ir
