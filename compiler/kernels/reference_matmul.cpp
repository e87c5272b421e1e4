#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/matmul_problem.h"

namespace keel::kernels {
namespace {

bool supports_matmul(const Call& call) {
  return std::holds_alternative<ir::MatMul>(call.op) && takes_floats(call);
}

Result<Tensors> run_matmul(const Call& call) {
  const MatMulProblem problem = matmul_problem(call.inputs[0]->shape(), call.inputs[1]->shape());
  const Tensor* bias = optional_input(call, 2);
  Tensor y(DType::F32, call.outputs[0].shape);
  auto result = y.fill<float>().begin();
  for_each_index(problem.batch, [&](const Shape& index) {
    const auto a = call.inputs[0]->as<float>().subspan(offset_of(index, problem.a_strides));
    const auto b = call.inputs[1]->as<float>().subspan(offset_of(index, problem.b_strides));
    for_each_index({problem.m, problem.n}, [&](const Shape& at) {
      const auto column = static_cast<std::size_t>(at[1]);
      double sum = bias ? bias->as<float>()[column % static_cast<std::size_t>(bias->size())] : 0.0;
      for (std::int64_t k = 0; k < problem.k; ++k)
        sum += static_cast<double>(a[static_cast<std::size_t>(at[0] * problem.k + k)]) *
               static_cast<double>(b[static_cast<std::size_t>(k * problem.n + at[1])]);
      *result++ = static_cast<float>(sum);
    });
  });
  return Tensors{std::move(y)};
}

bool supports_gemm(const Call& call) {
  return std::holds_alternative<ir::Gemm>(call.op) && takes_floats(call);
}

Result<Tensors> run_gemm(const Call& call) {
  const auto& op = std::get<ir::Gemm>(call.op);
  const Tensor& a = *call.inputs[0];
  const Tensor& b = *call.inputs[1];
  const Tensor* c = optional_input(call, 2);
  Tensor y(DType::F32, call.outputs[0].shape);
  const Shape c_strides = c ? broadcast_strides(c->shape(), y.shape()) : Shape{};
  const std::int64_t depth = a.shape()[op.trans_a ? 0 : 1];
  auto result = y.fill<float>().begin();
  for_each_index(y.shape(), [&](const Shape& at) {
    double sum = 0;
    for (std::int64_t k = 0; k < depth; ++k) {
      const std::int64_t a_at = op.trans_a ? k * a.shape()[1] + at[0] : at[0] * a.shape()[1] + k;
      const std::int64_t b_at = op.trans_b ? at[1] * b.shape()[1] + k : k * b.shape()[1] + at[1];
      sum += static_cast<double>(a.as<float>()[static_cast<std::size_t>(a_at)]) *
             static_cast<double>(b.as<float>()[static_cast<std::size_t>(b_at)]);
    }
    sum *= static_cast<double>(op.alpha);
    if (c)
      sum += static_cast<double>(op.beta) *
             static_cast<double>(c->as<float>()[offset_of(at, c_strides)]);
    *result++ = static_cast<float>(sum);
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceMatMul{"reference-matmul", supports_matmul, run_matmul};
const Kernel kReferenceGemm{"reference-gemm", supports_gemm, run_gemm};

}  // namespace keel::kernels
