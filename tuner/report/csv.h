#pragma once

#include <span>
#include <string>

namespace keel::report {

/// A line of CSV with its end; RFC 4180 quoting.
std::string csv_line(std::span<const std::string> cells);

/// A list as one cell: joined by spaces.
std::string csv_list(std::span<const std::string> list);

}  // namespace keel::report
