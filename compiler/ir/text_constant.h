#pragma once

#include <string>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/text_lexer.h"

namespace keel::ir {

/// "{1, 2.5, -inf}": each element in the fewest digits that read back as the same number.
std::string elements_text(const Tensor& tensor);

/// What follows `constant` in the text form: elements, `random(SEED)` or `splat(V)`. F16 and BF16
/// elements are rounded to their grid.
/// \error InvalidModel  malformed, too few or too many elements, one the dtype cannot hold, or more
///     than 2^28
Result<Tensor> parse_constant(LineLexer& line, const TensorType& type);

}  // namespace keel::ir
