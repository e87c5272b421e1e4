#pragma once

#include <cstdint>

namespace keel::simulator {

/// Rows and columns of a block of the cube, which multiplies blocks of 16 x 32 bytes x 16.
/// \par Source  DtypeMKN of the vendor's platform_config
constexpr std::int64_t kBlock = 16;

constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
constexpr std::int64_t round_up(std::int64_t a, std::int64_t b) { return divide_up(a, b) * b; }

}  // namespace keel::simulator
