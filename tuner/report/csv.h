#pragma once

#include <span>
#include <string>

namespace keel::report {

/// A line of CSV with its end; RFC 4180 quoting.
std::string csv_line(std::span<const std::string> cells);

}  // namespace keel::report
