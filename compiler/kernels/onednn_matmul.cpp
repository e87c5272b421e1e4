#include <algorithm>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/matmul_problem.h"
#include "compiler/kernels/onednn_product.h"

// MatMul and Gemm.

namespace keel::kernels {
namespace {

using onednn::multiply;
using onednn::Product;

bool has_products(const Call& call) {
  return takes_floats(call) && element_count(call.outputs[0].shape) > 0 &&
         call.inputs[0]->size() > 0;
}

bool supports_matmul(const Call& call) {
  if (!std::holds_alternative<ir::MatMul>(call.op) || !has_products(call)) return false;
  const Tensor* bias = optional_input(call, 2);
  return !bias ||
         bias->size() == matmul_problem(call.inputs[0]->shape(), call.inputs[1]->shape()).n;
}

Result<Tensors> run_matmul(const Call& call) {
  const MatMulProblem problem = matmul_problem(call.inputs[0]->shape(), call.inputs[1]->shape());
  const Tensor* bias = optional_input(call, 2);
  const auto a = [&](std::int64_t begin) { return onednn::source(*call.inputs[0], begin); };
  const auto b = [&](std::int64_t begin) { return onednn::source(*call.inputs[1], begin); };
  const float* bias_data = bias ? bias->as<float>().data() : nullptr;
  Tensor y(DType::F32, call.outputs[0].shape);
  float* out = y.fill<float>().data();

  const std::int64_t batch = element_count(problem.batch);
  const bool shares_b = call.inputs[1]->size() == problem.k * problem.n;
  const bool walks_a = call.inputs[0]->size() == batch * problem.m * problem.k;
  const bool walks_b = call.inputs[1]->size() == batch * problem.k * problem.n;
  Product product{1, problem.m, problem.k, problem.n, false, false, bias != nullptr};
  if (walks_a && shares_b) {
    product.m *= batch;  // one product of all rows
    KEEL_TRY_STATUS(multiply(product, a(0), b(0), bias_data, out));
  } else if (walks_a && walks_b) {
    product.batch = batch;
    KEEL_TRY_STATUS(multiply(product, a(0), b(0), bias_data, out));
  } else {
    Status status = Done{};
    for_each_index(problem.batch, [&](const Shape& index) {
      if (status.ok())
        status = multiply(product, a(offset_of(index, problem.a_strides)),
                          b(offset_of(index, problem.b_strides)), bias_data, out);
      out += problem.m * problem.n;
    });
    KEEL_TRY_STATUS(std::move(status));
  }
  return Tensors{std::move(y)};
}

bool supports_gemm(const Call& call) {
  return std::holds_alternative<ir::Gemm>(call.op) && has_products(call);
}

// y = alpha y + beta c, c broadcast.
void scale_and_add(std::span<float> y, const Shape& shape, float alpha, float beta,
                   const Tensor* c) {
  if (alpha != 1)
    for (float& value : y) value *= alpha;
  if (!c) return;
  const Shape strides = broadcast_strides(c->shape(), shape);
  const std::span<const float> addend = c->as<float>();
  std::size_t position = 0;
  for_each_index(shape, [&](const Shape& index) {
    y[position++] += beta * addend[offset_of(index, strides)];
  });
}

Result<Tensors> run_gemm(const Call& call) {
  const auto& op = std::get<ir::Gemm>(call.op);
  const Tensor* c = optional_input(call, 2);
  const Shape& shape = call.outputs[0].shape;
  const std::int64_t depth = call.inputs[0]->shape()[op.trans_a ? 0 : 1];
  const bool is_plain = op.alpha == 1 && op.beta == 1;
  const bool c_is_bias = c && is_plain && c->size() == shape[1] && c->shape().back() == shape[1];
  Tensor y(DType::F32, shape);
  const Product product{1, shape[0], depth, shape[1], op.trans_a, op.trans_b, c_is_bias};
  KEEL_TRY_STATUS(multiply(product, onednn::source(*call.inputs[0]),
                           onednn::source(*call.inputs[1]),
                           c_is_bias ? c->as<float>().data() : nullptr, y.fill<float>().data()));
  if (!c_is_bias) scale_and_add(y.fill<float>(), shape, op.alpha, op.beta, c);
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kOnednnMatMul{"onednn-matmul", supports_matmul, run_matmul};
const Kernel kOnednnGemm{"onednn-gemm", supports_gemm, run_gemm};

}  // namespace keel::kernels
