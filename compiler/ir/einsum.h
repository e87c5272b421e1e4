#pragma once

#include <span>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/shape.h"
#include "compiler/ir/op_field.h"

namespace keel::ir {

/// An Einsum with its letters replaced by numbers: label i has extents[i], and each axis an
/// ellipsis stands for has a label of its own.
struct EinsumLabels {
  Ints extents;
  std::vector<std::vector<std::size_t>> inputs;  ///< of each input, the label of each axis
  std::vector<std::size_t> output;
};

/// Labels of `equation` for inputs of these shapes. Without "->" the output has the axes of the
/// ellipsis, then the letters that occur once, in alphabetical order. An axis of extent 1 is
/// broadcast against others of its label.
///
/// \error InvalidModel  a malformed equation, extents that clash, an output letter no input has
Result<EinsumLabels> einsum_labels(const std::string& equation, std::span<const Shape> shapes);

}  // namespace keel::ir
