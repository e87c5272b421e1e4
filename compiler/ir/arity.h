#pragma once

#include <cstddef>
#include <span>

#include "compiler/base/result.h"
#include "compiler/ir/op.h"

namespace keel::ir {

/// How many inputs an operator takes.
Arity arity(const Op& op);

/// How many outputs an operator may have; kAnyNumber where there is no limit.
std::size_t most_outputs(const Op& op);

/// \param present  one flag per input: whether it is there
/// \error InvalidModel  too few, too many, or a required one is absent
Status check_inputs(const Op& op, std::span<const bool> present);

}  // namespace keel::ir
