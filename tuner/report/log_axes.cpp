#include "tuner/report/log_axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace keel::report {

Decades Decades::around(double least, double most) {
  const int lo = static_cast<int>(std::floor(std::log10(least)));
  const int hi = static_cast<int>(std::ceil(std::log10(most)));
  return {lo, std::max(hi, lo + 1)};
}

double LogAxes::x(double value) const {
  return left + (std::log10(value) - x_decades.lo) * width / (x_decades.hi - x_decades.lo);
}

double LogAxes::y(double value) const {
  return top + (y_decades.hi - std::log10(value)) * height / (y_decades.hi - y_decades.lo);
}

double LogAxes::least_x() const { return std::pow(10.0, x_decades.lo); }
double LogAxes::most_x() const { return std::pow(10.0, x_decades.hi); }
double LogAxes::least_y() const { return std::pow(10.0, y_decades.lo); }
double LogAxes::most_y() const { return std::pow(10.0, y_decades.hi); }

double LogAxes::slope_degrees() const {
  const double up = height / (y_decades.hi - y_decades.lo);
  const double right = width / (x_decades.hi - x_decades.lo);
  return std::atan2(up, right) * 180 / std::numbers::pi;
}

std::string power_label(int exponent) {
  constexpr std::array kPrefixes = {"", " k", " M", " G", " T", " P", " E"};
  if (exponent < 0) return fmt::format("{:.{}f}", std::pow(10.0, exponent), -exponent);
  const auto prefix = std::min(static_cast<std::size_t>(exponent) / 3, kPrefixes.size() - 1);
  return fmt::format("{:.0f}{}", std::pow(10.0, exponent - 3 * static_cast<int>(prefix)),
                     kPrefixes[prefix]);
}

std::string xml(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace keel::report
