#include <cmath>
#include <limits>

#include "compiler/kernels/float_type.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/softmax_problem.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::Softmax>(call.op) && takes_floats_or_doubles(call);
}

template <class T>
void normalise(const SoftmaxProblem& problem, bool log, std::span<const T> x, std::span<T> y) {
  for_each_index({problem.outer, problem.inner}, [&](const Shape& at) {
    const auto position = [&](std::int64_t i) {
      return static_cast<std::size_t>((at[0] * problem.length + i) * problem.inner + at[1]);
    };
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < problem.length; ++i)
      if (const auto value = static_cast<double>(x[position(i)]); !(value <= largest))
        largest = value;
    double sum = 0;
    for (std::int64_t i = 0; i < problem.length; ++i)
      sum += std::exp(static_cast<double>(x[position(i)]) - largest);
    for (std::int64_t i = 0; i < problem.length; ++i) {
      const double shifted = static_cast<double>(x[position(i)]) - largest;
      y[position(i)] = static_cast<T>(log ? shifted - std::log(sum) : std::exp(shifted) / sum);
    }
  });
}

Result<Tensors> run(const Call& call) {
  const bool log = std::get<ir::Softmax>(call.op).log;
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.outputs[0].shape);
  with_float_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    normalise<T>(softmax_problem(call), log, call.inputs[0]->as<T>(), y.fill<T>());
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceSoftmax{"reference-softmax", supports, run};

}  // namespace keel::kernels
