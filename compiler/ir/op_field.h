#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "compiler/base/dtype.h"
#include "compiler/base/shape.h"

namespace keel::ir {

using keel::Ints;

/// One attribute of an operator, by which it is printed, parsed, hashed and compared. Its type is
/// one of fields.h, or an enumeration with its names as names_of(E).
template <class Op, class T>
struct Field {
  std::string_view name;
  T Op::*member;
};
template <class Op, class T>
Field(const char*, T Op::*) -> Field<Op, T>;

/// How many inputs or outputs an operator may have. The first `required` may not be absent.
struct Arity {
  std::size_t required, most;
};
constexpr std::size_t kAnyNumber = SIZE_MAX;

// A family is one struct in one of the op_*.h: an attribute is a member and a Field;
//
//   kName      its ONNX name, or `kind` with the kinds' names in op.cpp
//   kInputs    how many inputs it takes; inputs(op) where that depends on the kind
//   kOutputs   how many outputs it may have; one where it is not given
//   kIsLayout  true where it moves elements and computes nothing

}  // namespace keel::ir
