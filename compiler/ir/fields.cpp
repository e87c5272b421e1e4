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

template <class Kind, class Names>
std::string name_at(const Names& names, Kind value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

template <class Kind, class Names>
bool parse_name(std::string_view text, const Names& names, Kind& value) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return false;
  value = static_cast<Kind>(found - names.begin());
  return true;
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
void add_to_hash(Hasher& hasher, AutoPad value) { hasher.add(static_cast<std::uint64_t>(value)); }
void add_to_hash(Hasher& hasher, PadMode value) { hasher.add(static_cast<std::uint64_t>(value)); }
void add_to_hash(Hasher& hasher, LstmDirection value) {
  hasher.add(static_cast<std::uint64_t>(value));
}
void add_to_hash(Hasher& hasher, const Ints& value) {
  hasher.add(static_cast<std::uint64_t>(value.size()));
  for (const std::int64_t element : value) add_to_hash(hasher, element);
}

std::string field_text(std::int64_t value) { return std::to_string(value); }
std::string field_text(bool value) { return value ? "true" : "false"; }
std::string field_text(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}
std::string field_text(DType value) { return std::string(name(value)); }
std::string field_text(AutoPad value) { return name_at(kAutoPadNames, value); }
std::string field_text(PadMode value) { return name_at(kPadModeNames, value); }
std::string field_text(LstmDirection value) { return name_at(kLstmDirectionNames, value); }
std::string field_text(const Ints& value) {
  std::string text = "[";
  for (std::size_t i = 0; i < value.size(); ++i) text += (i ? "," : "") + std::to_string(value[i]);
  return text + "]";
}

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
bool parse_field(std::string_view text, AutoPad& value) {
  return parse_name(text, kAutoPadNames, value);
}
bool parse_field(std::string_view text, PadMode& value) {
  return parse_name(text, kPadModeNames, value);
}
bool parse_field(std::string_view text, LstmDirection& value) {
  return parse_name(text, kLstmDirectionNames, value);
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

}  // namespace keel::ir
