#pragma once

#include <string>

namespace keel::report {

/// Whole decades, from 10^lo to 10^hi.
struct Decades {
  int lo = 0;
  int hi = 1;

  /// Those that hold every value from `least` to `most`, at least one. \pre 0 < least <= most
  static Decades around(double least, double most);
};

/// A plane with two logarithmic axes in the pixels of an SVG, whose y runs down.
struct LogAxes {
  double left = 0, top = 0, width = 0, height = 0;  ///< in pixels
  Decades x_decades, y_decades;

  /// Pixel of a value. \pre value > 0
  double x(double value) const;
  double y(double value) const;

  double least_x() const;
  double most_x() const;
  double least_y() const;
  double most_y() const;

  /// Degrees by which a line y = c x rises on the screen.
  double slope_degrees() const;
};

/// 10^exponent with the prefix of its unit: "10 G", "1 T"; "0.1" where the exponent is below 0.
std::string power_label(int exponent);

/// Text of an SVG: what XML reserves is escaped.
std::string xml(const std::string& text);

}  // namespace keel::report
