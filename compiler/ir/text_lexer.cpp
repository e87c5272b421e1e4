#include "compiler/ir/text_lexer.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace keel::ir {
namespace {

bool is_bare(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '/' ||
         c == '-';
}

constexpr std::string_view kHexDigits = "0123456789abcdef";

Error broken(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f) {
      result += {'\\', 'x', kHexDigits[code >> 4], kHexDigits[code & 15]};
    } else {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + '"';
}

std::string quoted_name(std::string_view name) {
  // `_` is an absent input and `return` starts the last line.
  const bool bare =
      !name.empty() && name != "_" && name != "return" && std::ranges::all_of(name, is_bare);
  return bare ? std::string(name) : quoted(name);
}

void LineLexer::skip_spaces() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size()));
}

bool LineLexer::at_end() {
  skip_spaces();
  return rest_.empty();
}

bool LineLexer::skip(std::string_view token) {
  skip_spaces();
  if (!rest_.starts_with(token)) return false;
  rest_.remove_prefix(token.size());
  return true;
}

Status LineLexer::expect(std::string_view token) {
  if (skip(token)) return Done{};
  return expected("'" + std::string(token) + "'");
}

bool LineLexer::at_quote() {
  skip_spaces();
  return rest_.starts_with('"');
}

Result<std::string> LineLexer::name() {
  if (at_quote()) return quoted_text();
  const auto end = std::ranges::find_if_not(rest_, is_bare);
  if (end == rest_.begin()) return expected("a name");
  std::string text(rest_.begin(), end);
  rest_.remove_prefix(text.size());
  return text;
}

Result<std::string> LineLexer::quoted_text() {
  rest_.remove_prefix(1);
  std::string text;
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return text;
    if (c != '\\') {
      text += c;
    } else if (rest_.starts_with('x')) {
      unsigned char code = 0;
      const std::string_view digits = rest_.substr(1, 2);
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
      if (digits.size() < 2 || read.ptr != digits.data() + 2)
        return broken("'\\x' is not followed by two hexadecimal digits");
      text += static_cast<char>(code);
      rest_.remove_prefix(3);
    } else if (!rest_.empty()) {
      text += rest_.front();
      rest_.remove_prefix(1);
    }
  }
  return broken("a quoted name does not end");
}

std::string_view LineLexer::word() {
  skip_spaces();
  const std::string_view text = rest_.substr(0, rest_.find_first_of(" \t\r,=()[]{}\""));
  rest_.remove_prefix(text.size());
  return text;
}

std::string LineLexer::attribute_value() {
  skip_spaces();
  std::string text;
  int depth = 0;
  while (!rest_.empty()) {
    const char c = rest_.front();
    const bool space = c == ' ' || c == '\t' || c == '\r';
    if (space && depth == 0) break;
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (!space) text += c;
    rest_.remove_prefix(1);
  }
  return text;
}

std::optional<std::string_view> LineLexer::until(char end) {
  const std::size_t at = rest_.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest_.substr(0, at);
  rest_.remove_prefix(at + 1);
  return text;
}

Error LineLexer::expected(std::string_view what) {
  skip_spaces();
  constexpr std::size_t kShown = 40;
  const std::string found =
      rest_.empty() ? "the end of the line" : "'" + std::string(rest_.substr(0, kShown)) + "'";
  return broken("expected " + std::string(what) + ", found " + found);
}

}  // namespace keel::ir
