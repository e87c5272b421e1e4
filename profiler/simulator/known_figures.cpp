#include "profiler/simulator/known_figures.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace keel::simulator {
namespace {

// What the timing model does not read; a new field counts as read until it is listed here.
constexpr std::array<std::string_view, 1> kNotRead = {"ub_bytes"};

}  // namespace

const ascend::UnknownValue* missing_figure(const ascend::Soc& soc) {
  const auto is_read = [](const ascend::UnknownValue& value) {
    return std::ranges::find(kNotRead, value.field) == kNotRead.end();
  };
  const auto found = std::ranges::find_if(soc.unknown, is_read);
  return found != soc.unknown.end() ? &*found : nullptr;
}

Status check_predictable(const ascend::Soc& soc) {
  const ascend::UnknownValue* missing = missing_figure(soc);
  if (missing == nullptr) return Done{};
  return Error{ErrorCode::Unsupported,
               "times on " + soc.name + " cannot be predicted: its " + missing->field +
                   " is unknown (" + missing->reason + ")",
               soc.file.string(),
               "add " + missing->field + " to configs/soc/" + soc.name +
                   ".json, or choose a chip whose times are predicted: 'keel devices' lists them"};
}

std::optional<Error> extrapolation_warning(const ascend::Soc& soc) {
  if (soc.timing.extrapolated_from.empty()) return std::nullopt;
  return Error{ErrorCode::InvalidConfig,
               "predicted times on " + soc.name + " are extrapolated from " +
                   soc.timing.extrapolated_from + ": no kernel of " + soc.name + " was measured",
               soc.file.string(),
               "rank variants by them and trust no absolute figure, or measure the constants under "
               "'timing' and put them there"};
}

}  // namespace keel::simulator
