#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/lanes.h"
#include "compiler/kernels/softmax_problem.h"
#include "compiler/kernels/vector_math.h"

namespace keel::kernels {
namespace {

// Rows that lie together; a softmax over an outer axis is left to the reference.
bool supports(const Call& call) {
  return std::holds_alternative<ir::Softmax>(call.op) && takes_floats(call);
}

KEEL_WIDE void softmax_row(const float* x, float* y, std::size_t count, bool log) {
  const auto itself = [](float v) { return v; };
  const float largest = reduce_lanes(x, count, -std::numeric_limits<float>::infinity(), itself,
                                     [](float a, float b) { return larger(a, b); });
  for (std::size_t i = 0; i < count; ++i) y[i] = static_cast<float>(exp_of(x[i] - largest));
  const float sum = reduce_lanes(y, count, 0, itself, [](float a, float b) { return a + b; });
  if (log) {
    const float log_sum = std::log(sum);
    for (std::size_t i = 0; i < count; ++i) y[i] = x[i] - largest - log_sum;
  } else {
    for (std::size_t i = 0; i < count; ++i) y[i] /= sum;
  }
}

// At most kLanes rows of at most kLanes elements side by side, each as softmax_row() has it.
KEEL_WIDE void softmax_short_rows(const float* x, float* y, std::size_t rows, std::size_t count,
                                  bool log) {
  // By element, then by row. Sums start as the exponentials, and join as reduce_lanes() joins them.
  float values[kLanes][kLanes] = {}, exps[kLanes][kLanes], sums[kLanes][kLanes] = {};
  float largest[kLanes];
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < count; ++i) values[i][row] = x[row * count + i];
  for (float& value : largest) value = -std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t row = 0; row < kLanes; ++row)
      largest[row] = larger(largest[row], values[i][row]);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t row = 0; row < kLanes; ++row) {
      values[i][row] -= largest[row];
      sums[i][row] = exps[i][row] = static_cast<float>(exp_of(values[i][row]));
    }
  for (std::size_t width = kLanes / 2; width > 0; width /= 2)
    for (std::size_t i = 0; i < width && i + width < count; ++i)
      for (std::size_t row = 0; row < kLanes; ++row) sums[i][row] += sums[i + width][row];
  if (log)
    for (std::size_t row = 0; row < rows; ++row) sums[0][row] = std::log(sums[0][row]);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < count; ++i)
      y[row * count + i] = log ? values[i][row] - sums[0][row] : exps[i][row] / sums[0][row];
}

// A softmax over an outer axis, of all `inner` columns together. `largest` and `sum` hold a number
// a column.
KEEL_WIDE void softmax_columns(const float* x, float* y, const SoftmaxProblem& problem, bool log,
                               float* largest, float* sum) {
  const std::int64_t inner = problem.inner;
  for (std::int64_t i = 0; i < inner; ++i) {
    largest[i] = -std::numeric_limits<float>::infinity();
    sum[i] = 0;
  }
  for (std::int64_t row = 0; row < problem.length; ++row)
    for (std::int64_t i = 0; i < inner; ++i) largest[i] = larger(largest[i], x[row * inner + i]);
  for (std::int64_t row = 0; row < problem.length; ++row)
    for (std::int64_t i = 0; i < inner; ++i) {
      const std::int64_t at = row * inner + i;
      y[at] = static_cast<float>(exp_of(x[at] - largest[i]));
      sum[i] += y[at];
    }
  if (log)
    for (std::int64_t i = 0; i < inner; ++i) sum[i] = static_cast<float>(log_of(sum[i]));
  for (std::int64_t row = 0; row < problem.length; ++row)
    for (std::int64_t i = 0; i < inner; ++i) {
      const std::int64_t at = row * inner + i;
      y[at] = log ? x[at] - largest[i] - sum[i] : y[at] / sum[i];
    }
}

void softmax_rows(const float* x, float* y, const SoftmaxProblem& problem, bool log) {
  const auto count = static_cast<std::size_t>(problem.length);
  const auto all = static_cast<std::size_t>(problem.outer);
  if (count > kLanes)
    for (std::size_t row = 0; row < all; ++row)
      softmax_row(x + row * count, y + row * count, count, log);
  else
    for (std::size_t row = 0; row < all; row += kLanes)
      softmax_short_rows(x + row * count, y + row * count, std::min(kLanes, all - row), count, log);
}

Result<Tensors> run(const Call& call) {
  const bool log = std::get<ir::Softmax>(call.op).log;
  const SoftmaxProblem problem = softmax_problem(call);
  const float* x = call.inputs[0]->as<float>().data();
  Tensor y(DType::F32, call.outputs[0].shape);
  float* result = y.fill<float>().data();
  if (problem.inner == 1) {
    softmax_rows(x, result, problem, log);
    return Tensors{std::move(y)};
  }
  const std::int64_t step = problem.length * problem.inner;
  Tensor columns(DType::F32, {2 * problem.inner});
  float* largest = columns.fill<float>().data();
  for (std::int64_t i = 0; i < problem.outer; ++i)
    softmax_columns(x + i * step, result + i * step, problem, log, largest,
                    largest + problem.inner);
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kVectorSoftmax{"vector-softmax", supports, run};

}  // namespace keel::kernels
