#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keel::report {

/// What a terminal of the tables has, in columns.
constexpr std::size_t kTableWidth = 120;

/// A text as lines of at most kTableWidth bytes, each with its end, broken at spaces: the first
/// `indent` spaces in, the others two more. Of a word that is too long for a line its end is shown.
std::string wrapped(std::string_view text, std::size_t indent);

}  // namespace keel::report
