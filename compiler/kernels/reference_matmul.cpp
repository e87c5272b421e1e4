#include <concepts>

#include "compiler/base/host_type.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/matmul_problem.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/wide_sum.h"

namespace keel::kernels {
namespace {

// Numbers of any type but that all are of one, which shape inference sees to.
bool takes_numbers(const Call& call) {
  return std::ranges::all_of(call.inputs,
                             [](const Tensor* t) { return !t || t->dtype() != DType::Bool; });
}

bool supports_matmul(const Call& call) {
  return std::holds_alternative<ir::MatMul>(call.op) && takes_numbers(call);
}

template <class T>
WideSum<T> wide(T element) {
  return static_cast<WideSum<T>>(element);
}

template <class T>
void multiply(const Call& call, Tensor& y) {
  const MatMulProblem problem = matmul_problem(call.inputs[0]->shape(), call.inputs[1]->shape());
  const Tensor* bias = optional_input(call, 2);
  auto result = y.fill<T>().begin();
  for_each_index(problem.batch, [&](const Shape& index) {
    const auto a = call.inputs[0]->as<T>().subspan(offset_of(index, problem.a_strides));
    const auto b = call.inputs[1]->as<T>().subspan(offset_of(index, problem.b_strides));
    for_each_index({problem.m, problem.n}, [&](const Shape& at) {
      const auto column = static_cast<std::size_t>(at[1]);
      WideSum<T> sum = 0;
      if (bias) sum = wide(bias->as<T>()[column % static_cast<std::size_t>(bias->size())]);
      for (std::int64_t k = 0; k < problem.k; ++k)
        sum += wide(a[static_cast<std::size_t>(at[0] * problem.k + k)]) *
               wide(b[static_cast<std::size_t>(k * problem.n + at[1])]);
      *result++ = static_cast<T>(sum);
    });
  });
}

bool supports_gemm(const Call& call) {
  return std::holds_alternative<ir::Gemm>(call.op) && takes_numbers(call);
}

// Of an integer the product with a fraction is cut off.
template <class T>
WideSum<T> scaled(float factor, WideSum<T> sum) {
  if constexpr (std::floating_point<T>) return static_cast<double>(factor) * sum;
  if (factor == 1) return sum;
  return wide(converted<T>(static_cast<double>(factor) * static_cast<double>(static_cast<T>(sum))));
}

template <class T>
void multiply_and_add(const Call& call, Tensor& y) {
  const auto& op = std::get<ir::Gemm>(call.op);
  const Tensor& a = *call.inputs[0];
  const Tensor& b = *call.inputs[1];
  const Tensor* c = optional_input(call, 2);
  const Shape c_strides = c ? broadcast_strides(c->shape(), y.shape()) : Shape{};
  const std::int64_t depth = a.shape()[op.trans_a ? 0 : 1];
  auto result = y.fill<T>().begin();
  for_each_index(y.shape(), [&](const Shape& at) {
    WideSum<T> sum = 0;
    for (std::int64_t k = 0; k < depth; ++k) {
      const std::int64_t a_at = op.trans_a ? k * a.shape()[1] + at[0] : at[0] * a.shape()[1] + k;
      const std::int64_t b_at = op.trans_b ? at[1] * b.shape()[1] + k : k * b.shape()[1] + at[1];
      sum += wide(a.as<T>()[static_cast<std::size_t>(a_at)]) *
             wide(b.as<T>()[static_cast<std::size_t>(b_at)]);
    }
    sum = scaled<T>(op.alpha, sum);
    if (c) sum += scaled<T>(op.beta, wide(c->as<T>()[offset_of(at, c_strides)]));
    *result++ = static_cast<T>(sum);
  });
}

template <class Compute>
Result<Tensors> product(const Call& call, Compute compute) {
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.outputs[0].shape);
  with_host_type(y.dtype(), [&](auto element) { compute(element, y); });
  return Tensors{std::move(y)};
}

Result<Tensors> run_matmul(const Call& call) {
  return product(call, [&]<class T>(T, Tensor& y) { multiply<T>(call, y); });
}

Result<Tensors> run_gemm(const Call& call) {
  return product(call, [&]<class T>(T, Tensor& y) { multiply_and_add<T>(call, y); });
}

}  // namespace

const Kernel kReferenceMatMul{"reference-matmul", supports_matmul, run_matmul};
const Kernel kReferenceGemm{"reference-gemm", supports_gemm, run_gemm};

}  // namespace keel::kernels
