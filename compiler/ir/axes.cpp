#include <algorithm>
#include <string>

#include "compiler/ir/shape_rules.h"

namespace keel::ir {

Result<std::size_t> resolve_axis(std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank)
    return invalid_model("axis " + std::to_string(axis) + " is outside [" +
                         std::to_string(-signed_rank) + ", " + std::to_string(signed_rank) +
                         ") of rank " + std::to_string(rank));
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

Result<Ints> resolve_axes(const Ints& axes, std::size_t rank) {
  Ints resolved;
  for (const std::int64_t axis : axes) {
    KEEL_TRY(const std::size_t position, resolve_axis(axis, rank));
    resolved.push_back(static_cast<std::int64_t>(position));
  }
  std::ranges::sort(resolved);
  const auto repeated = std::ranges::adjacent_find(resolved);
  if (repeated != resolved.end())
    return invalid_model("axis " + std::to_string(*repeated) + " is given twice");
  return resolved;
}

Result<Ints> ints_of(const Tensor& tensor) {
  if (tensor.dtype() == DType::I64) {
    const std::span<const std::int64_t> values = tensor.as<std::int64_t>();
    return Ints(values.begin(), values.end());
  }
  if (tensor.dtype() == DType::I32) {
    const std::span<const std::int32_t> values = tensor.as<std::int32_t>();
    return Ints(values.begin(), values.end());
  }
  return invalid_model("a list of integers is " + to_text(tensor.type()) + ", not i64 or i32");
}

}  // namespace keel::ir
