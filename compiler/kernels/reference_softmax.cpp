#include <cmath>
#include <limits>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/softmax_problem.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::Softmax>(call.op) && takes_floats(call);
}

Result<std::vector<Tensor>> run(const Call& call) {
  const bool log = std::get<ir::Softmax>(call.op).log;
  const SoftmaxProblem problem = softmax_problem(call);
  const std::span<const float> x = call.inputs[0]->as<float>();
  Tensor y(DType::F32, call.outputs[0].shape);
  const std::span<float> result = y.fill<float>();
  for_each_index({problem.outer, problem.inner}, [&](const Shape& at) {
    const auto position = [&](std::int64_t i) {
      return static_cast<std::size_t>((at[0] * problem.length + i) * problem.inner + at[1]);
    };
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < problem.length; ++i)
      if (const float value = x[position(i)]; !(static_cast<double>(value) <= largest))
        largest = value;
    double sum = 0;
    for (std::int64_t i = 0; i < problem.length; ++i)
      sum += std::exp(static_cast<double>(x[position(i)]) - largest);
    for (std::int64_t i = 0; i < problem.length; ++i) {
      const double shifted = static_cast<double>(x[position(i)]) - largest;
      result[position(i)] =
          static_cast<float>(log ? shifted - std::log(sum) : std::exp(shifted) / sum);
    }
  });
  return std::vector<Tensor>{std::move(y)};
}

}  // namespace

const Kernel kReferenceSoftmax{"reference-softmax", supports, run};

}  // namespace keel::kernels
