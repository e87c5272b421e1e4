#include "compiler/ir/fields.h"

#include <algorithm>

namespace keel::ir {
namespace {

template <class Number>
bool parse_number(std::string_view text, Number& value) {
  const char* end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

void add_to_hash(Hasher& hasher, std::int64_t value) {
  hasher.add(static_cast<std::uint64_t>(value));
}
void add_to_hash(Hasher& hasher, bool value) { hasher.add(std::uint64_t{value}); }
void add_to_hash(Hasher& hasher, float value) {
  hasher.add(std::uint64_t{std::bit_cast<std::uint32_t>(value)});
}
void add_to_hash(Hasher& hasher, DType value) { hasher.add(static_cast<std::uint64_t>(value)); }
void add_to_hash(Hasher& hasher, const Ints& value) {
  hasher.add(static_cast<std::uint64_t>(value.size()));
  for (const std::int64_t element : value) add_to_hash(hasher, element);
}

void add_to_hash(Hasher& hasher, const std::string& value) { hasher.add(std::string_view(value)); }

std::string field_text(std::int64_t value) { return std::to_string(value); }
std::string field_text(bool value) { return value ? "true" : "false"; }
std::string field_text(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}
std::string field_text(DType value) { return std::string(name(value)); }
std::string field_text(const Ints& value) {
  std::string text = "[";
  for (std::size_t i = 0; i < value.size(); ++i) text += (i ? "," : "") + std::to_string(value[i]);
  return text + "]";
}

std::string field_text(const std::string& value) { return "[" + value + "]"; }

bool parse_field(std::string_view text, std::int64_t& value) { return parse_number(text, value); }
bool parse_field(std::string_view text, bool& value) {
  value = text == "true";
  return value || text == "false";
}
bool parse_field(std::string_view text, float& value) { return parse_number(text, value); }
bool parse_field(std::string_view text, DType& value) {
  const std::optional<DType> dtype = dtype_named(text);
  if (dtype) value = *dtype;
  return dtype.has_value();
}
bool parse_field(std::string_view text, Ints& value) {
  if (!text.starts_with('[') || !text.ends_with(']')) return false;
  text = text.substr(1, text.size() - 2);
  value.clear();
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (!parse_number(text.substr(0, comma), value.emplace_back())) return false;
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return true;
}
bool parse_field(std::string_view text, std::string& value) {
  if (!text.starts_with('[') || !text.ends_with(']')) return false;
  value = text.substr(1, text.size() - 2);
  return true;
}

}  // namespace keel::ir
