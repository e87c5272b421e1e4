#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keel::lint {

enum class Encoding : std::uint8_t { Utf8, Utf8WithMark, Utf16 };

/// The text of a file as its author saw it.
struct DecodedText {
  std::string text;  ///< UTF-8 without a byte order mark; other bytes as they are
  Encoding encoding = Encoding::Utf8;
};

/// Takes off a byte order mark, and what one of UTF-16 announces turns into UTF-8; a half of a
/// surrogate pair becomes U+FFFD.
DecodedText decode(std::string_view bytes);

/// The code point at the start of `text` and its bytes; {0, 0} where it is not UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};
CodePoint first_code_point(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace keel::lint
