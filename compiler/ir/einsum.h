#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/shape.h"

namespace keel::ir {

/// An Einsum resolved for its operands. An axis is a letter, or one of those the ellipsis stands
/// for.
struct EinsumPlan {
  Shape extents;                             ///< of each axis: those of the result, then the summed
  std::size_t result_rank = 0;               ///< how many of them are the result's
  std::vector<std::vector<std::size_t>> of;  ///< for each operand, the axis of each dimension
};

/// \error InvalidModel  malformed, or letters whose extents clash
Result<EinsumPlan> plan_einsum(std::string_view equation, const std::vector<Shape>& operands);

}  // namespace keel::ir
