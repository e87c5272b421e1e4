#include "compiler/kernels/vector_unary.h"

#include <algorithm>
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

// NaN compares false and gives 0, as in ONNX.
float shrunk(float x, double bias, double lambd) {
  const double above = x > lambd ? x - bias : 0;
  return static_cast<float>(x < -lambd ? x + bias : above);
}

template <class F>
KEEL_WIDE void map(const float* x, float* y, std::size_t count, F f) {
#ifndef __clang__
#pragma GCC ivdep  // x and y are the same or apart
#endif
  for (std::size_t i = 0; i < count; ++i) y[i] = f(x[i]);
}

// sin(x + quarters * pi / 2); beyond what the vector form takes, by the library.
void apply_circular(std::uint64_t quarters, const float* x, float* y, std::size_t count) {
  const bool is_near = std::all_of(
      x, x + count, [](float v) { return std::fabs(static_cast<double>(v)) <= kMostCircled; });
  if (is_near)
    map(x, y, count, [=](float v) { return static_cast<float>(circular_of(v, quarters)); });
  else
    for (std::size_t i = 0; i < count; ++i) {
      const double v = x[i];
      y[i] = static_cast<float>(quarters == 0 ? std::sin(v) : std::cos(v));
    }
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

// The kinds between are rare.
bool has_vector_form(UnaryKind kind) {
  return kind <= UnaryKind::Softplus || (kind >= UnaryKind::Elu && kind <= UnaryKind::Shrink);
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
      apply_circular(0, x, y, count);
      break;
    case UnaryKind::Cos:
      apply_circular(1, x, y, count);
      break;
    case UnaryKind::Elu:
      apply([=](float v) { return v < 0 ? static_cast<float>(alpha * expm1_of(v)) : v; });
      break;
    case UnaryKind::Selu:
      apply([=](float v) { return static_cast<float>(beta * (v > 0 ? v : alpha * expm1_of(v))); });
      break;
    case UnaryKind::Celu:
      apply([=](float v) {
        return v < 0 ? static_cast<float>(alpha * expm1_of(static_cast<double>(v) / alpha)) : v;
      });
      break;
    case UnaryKind::ThresholdedRelu:
      apply([=](float v) { return v <= alpha ? 0.0f : v; });
      break;
    case UnaryKind::Softsign:
      apply(
          [](float v) { return static_cast<float>(v / (1 + std::fabs(static_cast<double>(v)))); });
      break;
    case UnaryKind::Mish:
      apply([](float v) { return static_cast<float>(mish_of(v)); });
      break;
    case UnaryKind::Gelu:
      if (alpha != 0)
        apply([](float v) { return static_cast<float>(tanh_gelu_of(v)); });
      else
        apply([](float v) { return static_cast<float>(gelu_of(v)); });
      break;
    case UnaryKind::Shrink:
      apply([=](float v) { return shrunk(v, alpha, beta); });
      break;
    case UnaryKind::Tan:
    case UnaryKind::Asin:
    case UnaryKind::Acos:
    case UnaryKind::Atan:
    case UnaryKind::Sinh:
    case UnaryKind::Cosh:
    case UnaryKind::Asinh:
    case UnaryKind::Acosh:
    case UnaryKind::Atanh:
    case UnaryKind::BitwiseNot:
    case UnaryKind::Not:
    case UnaryKind::IsNaN:
    case UnaryKind::IsInf:
      KEEL_CHECK(false && "has_vector_form() refuses these");
  }
}

const Kernel kVectorUnary{"vector-unary", supports, run};

}  // namespace keel::kernels
