#include "tuner/engine/presets.h"

#include <fmt/format.h>

#include <array>

namespace keel::engine {
namespace {

// Probing takes one trial a unit; the search needs 20 to 70 more whatever the size, and the
// refinement about one for each unit the recommendation keeps.
constexpr std::array kPresets{
    Preset{"default", "three trials a free unit and 100 more",
           [](std::size_t units) { return 3 * units + 100; }},
    Preset{"quick",
           "one trial for every two free units and 30 more: probes what is suspect or slow",
           [](std::size_t units) { return units / 2 + 30; }},
    Preset{"thorough", "eight trials a free unit and 400 more",
           [](std::size_t units) { return 8 * units + 400; }},
};

std::string duration(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 3600;
  if (seconds < 10) return fmt::format("{:.2g} s", seconds);
  if (seconds < 2 * kMinute) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * kHour) return fmt::format("{:.0f} min", seconds / kMinute);
  return fmt::format("{:.1f} h", seconds / kHour);
}

}  // namespace

std::span<const Preset> presets() { return kPresets; }

Result<Preset> find_preset(std::string_view name) {
  std::string names;
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return preset;
    names += (names.empty() ? "'" : ", '") + std::string(preset.name) + "'";
  }
  return Error{ErrorCode::InvalidConfig, "no preset is named '" + std::string(name) + "'",
               "--preset", "use one of " + names};
}

std::string estimate(std::size_t trials, double seconds_of_one) {
  return fmt::format(
      "at most {} trials; one full evaluation takes {}, so at most about {}, and less as trials "
      "share results",
      trials, duration(seconds_of_one), duration(static_cast<double>(trials) * seconds_of_one));
}

}  // namespace keel::engine
