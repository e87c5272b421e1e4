#pragma once

#include "compiler/ir/einsum.h"
#include "compiler/kernels/kernel.h"

namespace keel::kernels {

/// The labels of an Einsum, and for each input the stride (in elements) of each label: 0 where the
/// input does not have it or is broadcast along it, the sum where it has it on several axes.
struct EinsumProblem {
  ir::EinsumLabels labels;
  std::vector<Shape> strides;
};

/// \pre the op is an Einsum
inline Result<EinsumProblem> einsum_problem(const Call& call) {
  std::vector<Shape> shapes;
  for (const Tensor* input : call.inputs) shapes.push_back(input->shape());
  EinsumProblem problem;
  KEEL_TRY(problem.labels, ir::einsum_labels(std::get<ir::Einsum>(call.op).equation, shapes));
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Shape own = row_major_strides(shapes[i]);
    Shape strides(problem.labels.extents.size(), 0);
    for (std::size_t axis = 0; axis < own.size(); ++axis)
      if (shapes[i][axis] != 1) strides[problem.labels.inputs[i][axis]] += own[axis];
    problem.strides.push_back(std::move(strides));
  }
  return problem;
}

}  // namespace keel::kernels
