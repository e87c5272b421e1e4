#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <string>
#include <string_view>
#include <type_traits>

#include "compiler/base/hash.h"
#include "compiler/ir/op.h"

namespace keel::ir {

// Attribute values as text and as hash input: one overload of each per attribute type.

void add_to_hash(Hasher& hasher, std::int64_t value);
void add_to_hash(Hasher& hasher, bool value);
void add_to_hash(Hasher& hasher, float value);
void add_to_hash(Hasher& hasher, DType value);
void add_to_hash(Hasher& hasher, const Ints& value);
void add_to_hash(Hasher& hasher, const std::string& value);

std::string field_text(std::int64_t value);
std::string field_text(bool value);
std::string field_text(float value);
std::string field_text(DType value);
std::string field_text(const Ints& value);
std::string field_text(const std::string& value);

// Each returns false where `text` is not a value of the type.
bool parse_field(std::string_view text, std::int64_t& value);
bool parse_field(std::string_view text, bool& value);
bool parse_field(std::string_view text, float& value);
bool parse_field(std::string_view text, DType& value);
bool parse_field(std::string_view text, Ints& value);
bool parse_field(std::string_view text, std::string& value);

/// An enumeration with the names of its enumerators, in their order.
template <class E>
concept Named = std::is_enum_v<E> && requires(E e) { names_of(e); };

template <Named E>
void add_to_hash(Hasher& hasher, E value) {
  hasher.add(static_cast<std::uint64_t>(value));
}
template <Named E>
std::string field_text(E value) {
  return std::string(names_of(value)[static_cast<std::size_t>(value)]);
}
template <Named E>
bool parse_field(std::string_view text, E& value) {
  const auto& names = names_of(value);
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return false;
  value = static_cast<E>(found - names.begin());
  return true;
}

/// Calls `visit(name, value)` for each attribute of `op`; `Op` may be const or not.
template <class OpType, class Visit>
void for_each_field(OpType& op, Visit visit) {
  std::visit(
      [&](auto& family) {
        std::apply([&](const auto&... field) { (visit(field.name, family.*field.member), ...); },
                   std::remove_cvref_t<decltype(family)>::fields());
      },
      op);
}

}  // namespace keel::ir
