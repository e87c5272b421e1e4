#include "tuner/report/json_number.h"

#include <cmath>

#include "tuner/report/figures.h"

namespace keel::report {

nlohmann::ordered_json real(double value) {
  if (std::isfinite(value)) return value;
  return shortest(value);
}

}  // namespace keel::report
