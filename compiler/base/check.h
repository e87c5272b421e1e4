#pragma once

namespace keel {

/// Prints where a bug was found and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace keel

/// States what only a bug can break; checked in every build.
#define KEEL_CHECK(condition) \
  (static_cast<bool>(condition) ? void() : ::keel::check_failed(#condition, __FILE__, __LINE__))
