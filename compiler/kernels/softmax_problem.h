#pragma once

#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// A Softmax as [outer, length, inner], normalised over the middle.
struct SoftmaxProblem {
  std::int64_t outer = 1, length = 1, inner = 1;
};

/// \pre the op is a Softmax
inline SoftmaxProblem softmax_problem(const Call& call) {
  const auto& op = std::get<ir::Softmax>(call.op);
  const Shape& shape = call.inputs[0]->shape();
  const std::size_t axis = axis_index(op.axis, shape.size());
  SoftmaxProblem problem;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool normalised = i == axis || (op.flatten && i > axis);
    (normalised ? problem.length : (i < axis ? problem.outer : problem.inner)) *= shape[i];
  }
  return problem;
}

}  // namespace keel::kernels
