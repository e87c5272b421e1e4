#pragma once

#include <span>
#include <string>
#include <vector>

namespace keel::report {

/// Rows of cells as text: columns two spaces apart, none wider than its widest cell, no spaces at
/// line ends.
///
/// \param left  columns whose cells start at the left edge; the others end at the right one
std::string columns(const std::vector<std::vector<std::string>>& rows,
                    std::span<const std::size_t> left);

/// The same, one text with its line end for each row.
std::vector<std::string> column_lines(const std::vector<std::vector<std::string>>& rows,
                                      std::span<const std::size_t> left);

}  // namespace keel::report
