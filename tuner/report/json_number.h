#pragma once

#include <nlohmann/json.hpp>

namespace keel::report {

/// JSON has no spelling for Inf and NaN: the strings "inf", "-inf", "nan".
nlohmann::ordered_json real(double value);

}  // namespace keel::report
