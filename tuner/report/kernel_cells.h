#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace keel::report {

/// Widest cells of a table of kernels, in bytes: they leave 44 of 120 columns to figures.
constexpr std::size_t kKernelNameWidth = 34;
constexpr std::size_t kAscendTypeWidth = 20;
constexpr std::size_t kDtypesWidth = 8;

/// A text of at most `width` bytes: of a longer one the end, for what tells the nodes of a model
/// apart stands there. No character is cut in two. \pre width > 3
std::string shortened(const std::string& text, std::size_t width);

/// The first of a list and how many more there are, "conv_1 +2"; `if_empty` where there is none.
std::string first_of(const std::vector<std::string>& list, const std::string& if_empty,
                     std::size_t width);

/// All dtypes where they fit: "f16,f32".
std::string dtypes_cell(const std::vector<std::string>& dtypes);

}  // namespace keel::report
