#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace keel::engine {

/// How many trials a run may take.
struct Preset {
  std::string_view name;     ///< "quick"
  std::string_view summary;  ///< one line of help, with the number of trials
  std::size_t (*trials)(std::size_t choices);
};

/// Every preset, the default first.
std::span<const Preset> presets();

/// \error InvalidConfig  no preset of that name; `fix` lists them
Result<Preset> find_preset(std::string_view name);

/// "at most 187 trials; one full evaluation takes 0.31 s, so at most about 58 s, and less as trials
/// share results".
std::string estimate(std::size_t trials, double seconds_of_one);

}  // namespace keel::engine
