#pragma once

#include <cstdint>
#include <optional>

#include "compiler/base/tensor.h"

namespace keel::accuracy {

/// The share of rows of `output` (over its last axis) whose argmax, the first of equals, is
/// `label`, or the reference's argmax where no label is given. A row disagrees where an output is
/// NaN, or is Inf and the reference finite; without a label also where the reference is NaN. 1 for
/// no rows, 0 where the shapes differ. \pre both F64, or both tunable floats
double share_of_rows_agreeing(const Tensor& output, const Tensor& reference,
                              std::optional<std::int64_t> label);

}  // namespace keel::accuracy
