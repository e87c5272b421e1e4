#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace keel::search {

/// What the answer is to be best at: it is the fastest, or the one of least error, of the trials
/// that meet every requirement and every bound.
enum class Aim : std::uint8_t { Latency, Error };

/// What is asked of the answer beside the requirements on its errors.
struct Goal {
  Aim aim = Aim::Latency;
  std::optional<double> max_latency_us = {};
  std::optional<double> min_speed_up = {};  ///< latency of all kept over that of the answer
  std::optional<int> max_casts = {};        ///< in the compiled program
  bool operator==(const Goal&) const = default;
};

/// "latency", "error latency_us<=150", "latency casts<=4": the aim, then the bounds.
std::string to_text(const Goal& goal);

/// Reads what to_text() wrote.
/// \error InvalidConfig  it is something else
Result<Goal> parse_goal(std::string_view text);

}  // namespace keel::search
