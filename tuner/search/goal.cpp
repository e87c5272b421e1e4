#include "tuner/search/goal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

namespace keel::search {
namespace {

constexpr std::string_view kLatency = "latency";
constexpr std::string_view kError = "error";
constexpr std::string_view kMaxLatency = "latency_us<=";
constexpr std::string_view kMinSpeedUp = "speed_up>=";
constexpr std::string_view kMaxCasts = "casts<=";
constexpr std::string_view kWholeFront = "whole_front";

std::string shortest(double value) {
  std::array<char, 32> text;  // the shortest double takes 24
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::optional<double> number_after(std::string_view word, std::string_view start) {
  if (!word.starts_with(start)) return std::nullopt;
  double value = 0;
  const char* const end = word.data() + word.size();
  const auto [parsed, code] = std::from_chars(word.data() + start.size(), end, value);
  if (code != std::errc() || parsed != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::string to_text(const Goal& goal) {
  std::string text(goal.aim == Aim::Latency ? kLatency : kError);
  const auto add = [&](std::string_view start, const std::optional<double>& bound) {
    if (bound) text += " " + std::string(start) + shortest(*bound);
  };
  add(kMaxLatency, goal.max_latency_us);
  add(kMinSpeedUp, goal.min_speed_up);
  if (goal.max_casts) text += " " + std::string(kMaxCasts) + std::to_string(*goal.max_casts);
  if (goal.whole_front) text += " " + std::string(kWholeFront);
  return text;
}

Result<Goal> parse_goal(std::string_view text) {
  const auto invalid = [&] {
    return Error{ErrorCode::InvalidConfig, "'" + std::string(text) + "' is no goal", "",
                 "use the keel that made the study"};
  };
  std::istringstream words{std::string(text)};
  std::string word;
  Goal goal;
  words >> word;
  if (word != kLatency && word != kError) return invalid();
  goal.aim = word == kLatency ? Aim::Latency : Aim::Error;
  while (words >> word) {
    if (const auto max_latency_us = number_after(word, kMaxLatency))
      goal.max_latency_us = max_latency_us;
    else if (const auto min_speed_up = number_after(word, kMinSpeedUp))
      goal.min_speed_up = min_speed_up;
    else if (const auto max_casts = number_after(word, kMaxCasts))
      goal.max_casts = static_cast<int>(*max_casts);
    else if (word == kWholeFront)
      goal.whole_front = true;
    else
      return invalid();
  }
  return goal;
}

}  // namespace keel::search
