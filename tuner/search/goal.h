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
  /// All trials are for the front: none for the neighbours of the answer, or for the border of the
  /// requirements. The answer is chosen of it as ever.
  bool whole_front = false;
  bool operator==(const Goal&) const = default;
};

/// "latency", "error latency_us<=150", "latency casts<=4 whole_front": the aim, the bounds, and
/// what trials are for.
std::string to_text(const Goal& goal);

/// Reads what to_text() wrote.
/// \error InvalidConfig  it is something else
Result<Goal> parse_goal(std::string_view text);

}  // namespace keel::search
