#pragma once

#include "compiler/base/shape.h"

namespace keel::kernels {

/// A MatMul with numpy's rules for rank 1 applied: [m, k] x [k, n] for each index of `batch`.
struct MatMulProblem {
  Shape batch;
  Shape a_strides, b_strides;  ///< in elements, along batch; 0 where broadcast
  std::int64_t m = 1, k = 1, n = 1;
};

/// \pre the shapes fit, as shape inference checks
inline MatMulProblem matmul_problem(Shape a, Shape b) {
  if (a.size() == 1) a.insert(a.begin(), 1);
  if (b.size() == 1) b.push_back(1);
  MatMulProblem problem;
  problem.m = a[a.size() - 2];
  problem.k = a.back();
  problem.n = b.back();
  a.resize(a.size() - 2);
  b.resize(b.size() - 2);
  problem.batch = *broadcast(a, b);
  problem.a_strides = broadcast_strides(a, problem.batch);
  problem.b_strides = broadcast_strides(b, problem.batch);
  for (std::int64_t& stride : problem.a_strides) stride *= problem.m * problem.k;
  for (std::int64_t& stride : problem.b_strides) stride *= problem.k * problem.n;
  return problem;
}

}  // namespace keel::kernels
