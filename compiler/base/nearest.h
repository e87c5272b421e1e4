#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keel {

/// Candidates closest to `word`, for "did you mean". Case is ignored; a candidate that ends in
/// `/word` or contains it ranks before one that is merely spelled alike. Nothing is returned when
/// the best is farther than half its length.
std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates,
                                 std::size_t count);

}  // namespace keel
