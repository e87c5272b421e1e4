#include "compiler/kernels/vector_unary.h"

#include <cmath>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/vector_math.h"

namespace keel::kernels {
namespace {

using ir::Unary;
using ir::UnaryKind;

float clamp01(float x) {
  x = x < 0 ? 0.0f : x;
  return x > 1 ? 1.0f : x;
}

template <class F>
KEEL_WIDE void map(const float* x, float* y, std::size_t count, F f) {
#ifndef __clang__
#pragma GCC ivdep  // x and y are the same or apart
#endif
  for (std::size_t i = 0; i < count; ++i) y[i] = f(x[i]);
}

bool supports(const Call& call) {
  const auto* op = std::get_if<Unary>(&call.op);
  return op && takes_floats(call) && has_vector_form(op->kind);
}

Result<Tensors> run(const Call& call) {
  Tensor y(DType::F32, call.inputs[0]->shape());
  const std::span<float> values = y.fill<float>();
  apply_unary(std::get<Unary>(call.op), call.inputs[0]->as<float>().data(), values.data(),
              values.size());
  return Tensors{std::move(y)};
}

}  // namespace

// The kinds after Softplus, and these two, are rare and have no form here.
bool has_vector_form(UnaryKind kind) {
  return kind <= UnaryKind::Softplus && kind != UnaryKind::Sin && kind != UnaryKind::Cos;
}

void apply_unary(const Unary& op, const float* x, float* y, std::size_t count) {
  const auto apply = [&](auto f) { map(x, y, count, f); };
  const float alpha = op.alpha;
  const float beta = op.beta;
  switch (op.kind) {
    case UnaryKind::Relu:
      apply([](float v) { return v < 0 ? 0.0f : v; });
      break;
    case UnaryKind::LeakyRelu:
      apply([=](float v) { return v < 0 ? alpha * v : v; });
      break;
    case UnaryKind::Sigmoid:
      apply([](float v) { return static_cast<float>(sigmoid_of(v)); });
      break;
    case UnaryKind::HardSigmoid:
      apply([=](float v) { return clamp01(alpha * v + beta); });
      break;
    case UnaryKind::HardSwish:
      apply([](float v) { return v * clamp01(v / 6 + 0.5f); });
      break;
    case UnaryKind::Tanh:
      apply([](float v) { return tanh_of(v); });
      break;
    case UnaryKind::Exp:
      apply([](float v) { return static_cast<float>(exp_of(v)); });
      break;
    case UnaryKind::Log:
      apply([](float v) { return static_cast<float>(log_of(v)); });
      break;
    case UnaryKind::Sqrt:
      apply([](float v) { return std::sqrt(v); });
      break;
    case UnaryKind::Reciprocal:
      apply([](float v) { return 1 / v; });
      break;
    case UnaryKind::Neg:
      apply([](float v) { return -v; });
      break;
    case UnaryKind::Abs:
      apply([](float v) { return std::fabs(v); });
      break;
    case UnaryKind::Erf:
      apply([](float v) { return static_cast<float>(erf_of(v)); });
      break;
    case UnaryKind::Floor:
      apply([](float v) { return std::floor(v); });
      break;
    case UnaryKind::Ceil:
      apply([](float v) { return std::ceil(v); });
      break;
    case UnaryKind::Round:
      apply([](float v) { return std::nearbyint(v); });
      break;
    case UnaryKind::Sign:
      apply([](float v) { return v > 0 ? 1.0f : (v < 0 ? -1.0f : v); });
      break;
    case UnaryKind::Softplus:
      apply([](float v) { return static_cast<float>(softplus_of(v)); });
      break;
    case UnaryKind::Sin:
    case UnaryKind::Cos:
    case UnaryKind::Tan:
    case UnaryKind::Asin:
    case UnaryKind::Acos:
    case UnaryKind::Atan:
    case UnaryKind::Sinh:
    case UnaryKind::Cosh:
    case UnaryKind::Asinh:
    case UnaryKind::Acosh:
    case UnaryKind::Atanh:
    case UnaryKind::Elu:
    case UnaryKind::Selu:
    case UnaryKind::Celu:
    case UnaryKind::ThresholdedRelu:
    case UnaryKind::Softsign:
    case UnaryKind::Mish:
    case UnaryKind::Gelu:
    case UnaryKind::Shrink:
    case UnaryKind::BitwiseNot:
    case UnaryKind::Not:
    case UnaryKind::IsNaN:
    case UnaryKind::IsInf:
      KEEL_CHECK(false && "has_vector_form() refuses these");
  }
}

const Kernel kVectorUnary{"vector-unary", supports, run};

}  // namespace keel::kernels
