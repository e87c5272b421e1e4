#pragma once

#include <bit>
#include <charconv>
#include <string>
#include <string_view>

#include "compiler/base/hash.h"
#include "compiler/ir/op.h"

namespace keel::ir {

// Attribute values as text and as hash input: one overload of each per attribute type.

void add_to_hash(Hasher& hasher, std::int64_t value);
void add_to_hash(Hasher& hasher, bool value);
void add_to_hash(Hasher& hasher, float value);
void add_to_hash(Hasher& hasher, DType value);
void add_to_hash(Hasher& hasher, AutoPad value);
void add_to_hash(Hasher& hasher, PadMode value);
void add_to_hash(Hasher& hasher, LstmDirection value);
void add_to_hash(Hasher& hasher, const Ints& value);

std::string field_text(std::int64_t value);
std::string field_text(bool value);
std::string field_text(float value);
std::string field_text(DType value);
std::string field_text(AutoPad value);
std::string field_text(PadMode value);
std::string field_text(LstmDirection value);
std::string field_text(const Ints& value);

// Each returns false where `text` is not a value of the type.
bool parse_field(std::string_view text, std::int64_t& value);
bool parse_field(std::string_view text, bool& value);
bool parse_field(std::string_view text, float& value);
bool parse_field(std::string_view text, DType& value);
bool parse_field(std::string_view text, AutoPad& value);
bool parse_field(std::string_view text, PadMode& value);
bool parse_field(std::string_view text, LstmDirection& value);
bool parse_field(std::string_view text, Ints& value);

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
