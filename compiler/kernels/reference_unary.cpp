#include <algorithm>
#include <cmath>
#include <concepts>
#include <type_traits>

#include "compiler/base/host_type.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

using ir::Unary;
using ir::UnaryKind;

// Keeps NaN, as every comparison with it is false.
template <class T>
T clamp01(T x) {
  x = x < 0 ? T{0} : x;
  return x > 1 ? T{1} : x;
}

constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kSqrtTwoOverPi = 0.79788456080286535588;

// 1 + tanh(u) and 1 + erf(u), which lose their digits far below zero, as a quotient and a
// complement.
double gelu(double x, bool tanh_form) {
  if (tanh_form) return x / (1 + std::exp(-2 * kSqrtTwoOverPi * (x + 0.044715 * x * x * x)));
  return 0.5 * x * std::erfc(-x * kSqrtHalf);
}

double softplus(double x) { return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))); }

// NaN compares false and gives 0, as in ONNX.
template <class T>
T shrink(const Unary& op, T x) {
  const auto lambd = static_cast<double>(op.beta);
  const auto d = static_cast<double>(x);
  if (d < -lambd) return static_cast<T>(d + op.alpha);
  return d > lambd ? static_cast<T>(d - op.alpha) : T{0};
}

bool test(const Unary& op, double x) {
  if (op.kind == UnaryKind::IsNaN) return std::isnan(x);
  return std::isinf(x) && (x > 0 ? op.alpha : op.beta) != 0;
}

// Transcendentals in double, then rounded to T; the rest in T itself.
template <std::floating_point T>
T apply(const Unary& op, T x) {
  const auto alpha = static_cast<T>(op.alpha);
  const auto beta = static_cast<T>(op.beta);
  const double d = x;
  switch (op.kind) {
    case UnaryKind::Relu:
      return x < 0 ? T{0} : x;
    case UnaryKind::LeakyRelu:
      return x < 0 ? alpha * x : x;
    case UnaryKind::Sigmoid:
      return static_cast<T>(1 / (1 + std::exp(-d)));
    case UnaryKind::HardSigmoid:
      return clamp01(alpha * x + beta);
    case UnaryKind::HardSwish:
      return x * clamp01(x / 6 + T{0.5});
    case UnaryKind::Tanh:
      return static_cast<T>(std::tanh(d));
    case UnaryKind::Exp:
      return static_cast<T>(std::exp(d));
    case UnaryKind::Log:
      return static_cast<T>(std::log(d));
    case UnaryKind::Sqrt:
      return std::sqrt(x);
    case UnaryKind::Reciprocal:
      return 1 / x;
    case UnaryKind::Neg:
      return -x;
    case UnaryKind::Abs:
      return std::fabs(x);
    case UnaryKind::Erf:
      return static_cast<T>(std::erf(d));
    case UnaryKind::Floor:
      return std::floor(x);
    case UnaryKind::Ceil:
      return std::ceil(x);
    case UnaryKind::Round:
      return std::nearbyint(x);
    case UnaryKind::Sign:
      return x > 0 ? T{1} : (x < 0 ? T{-1} : x);
    case UnaryKind::Sin:
      return static_cast<T>(std::sin(d));
    case UnaryKind::Cos:
      return static_cast<T>(std::cos(d));
    case UnaryKind::Softplus:
      return static_cast<T>(softplus(d));
    case UnaryKind::Tan:
      return static_cast<T>(std::tan(d));
    case UnaryKind::Asin:
      return static_cast<T>(std::asin(d));
    case UnaryKind::Acos:
      return static_cast<T>(std::acos(d));
    case UnaryKind::Atan:
      return static_cast<T>(std::atan(d));
    case UnaryKind::Sinh:
      return static_cast<T>(std::sinh(d));
    case UnaryKind::Cosh:
      return static_cast<T>(std::cosh(d));
    case UnaryKind::Asinh:
      return static_cast<T>(std::asinh(d));
    case UnaryKind::Acosh:
      return static_cast<T>(std::acosh(d));
    case UnaryKind::Atanh:
      return static_cast<T>(std::atanh(d));
    case UnaryKind::Elu:
      return x < 0 ? static_cast<T>(op.alpha * std::expm1(d)) : x;
    case UnaryKind::Selu:
      return static_cast<T>(op.beta * (x > 0 ? d : op.alpha * std::expm1(d)));
    case UnaryKind::Celu:
      return x < 0 ? static_cast<T>(op.alpha * std::expm1(d / op.alpha)) : x;
    case UnaryKind::ThresholdedRelu:
      return x <= alpha ? T{0} : x;
    case UnaryKind::Softsign:
      return static_cast<T>(d / (1 + std::fabs(d)));
    case UnaryKind::Mish:
      return static_cast<T>(d * std::tanh(softplus(d)));
    case UnaryKind::Gelu:
      return static_cast<T>(gelu(d, op.alpha != 0));
    case UnaryKind::Shrink:
      return shrink(op, x);
    case UnaryKind::BitwiseNot:
    case UnaryKind::Not:
    case UnaryKind::IsNaN:
    case UnaryKind::IsInf:
      break;
  }
  KEEL_CHECK(false && "supports() let through a kind without a meaning for floats");
}

// Not is for Bool, which shares its host type with U8. Negation wraps, as the NPU's does.
template <std::integral T>
T apply(const Unary& op, T x) {
  using U = std::make_unsigned_t<T>;
  if (op.kind == UnaryKind::Not) return x == 0;
  if (op.kind == UnaryKind::BitwiseNot) return static_cast<T>(~x);
  if (op.kind == UnaryKind::Shrink) return shrink(op, x);
  if (op.kind == UnaryKind::Relu) return std::max<T>(x, 0);
  if (op.kind == UnaryKind::Erf) return static_cast<T>(std::erf(static_cast<double>(x)));
  if (op.kind == UnaryKind::Sign) return static_cast<T>((x > 0) - (x < T{0}));
  if (op.kind == UnaryKind::Abs && x >= 0) return x;
  return static_cast<T>(U{0} - static_cast<U>(x));
}

bool has_integer_form(UnaryKind kind) {
  return kind == UnaryKind::Relu || kind == UnaryKind::Neg || kind == UnaryKind::Abs ||
         kind == UnaryKind::Sign || kind == UnaryKind::Erf || kind == UnaryKind::Shrink ||
         kind == UnaryKind::BitwiseNot;
}

bool supports(const Call& call) {
  const auto* op = std::get_if<Unary>(&call.op);
  if (!op) return false;
  const DType dtype = call.inputs[0]->dtype();
  if (dtype == DType::Bool) return op->kind == UnaryKind::Not;
  if (is_tunable_float(dtype) || dtype == DType::F64)
    return op->kind != UnaryKind::Not && op->kind != UnaryKind::BitwiseNot;
  return has_integer_form(op->kind);
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<Unary>(call.op);
  const Tensor& x = *call.inputs[0];
  const bool tests = op.kind == UnaryKind::IsNaN || op.kind == UnaryKind::IsInf;
  Tensor y(tests ? DType::Bool : raw_dtype(x.dtype()), x.shape());
  with_host_type(x.dtype(), [&](auto type) {
    using T = decltype(type);
    if (tests) {
      std::ranges::transform(x.as<T>(), y.fill<std::uint8_t>().begin(), [&](T value) {
        return static_cast<std::uint8_t>(test(op, static_cast<double>(value)));
      });
      return;
    }
    std::ranges::transform(x.as<T>(), y.fill<T>().begin(),
                           [&](T value) { return apply<T>(op, value); });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceUnary{"reference-unary", supports, run};

}  // namespace keel::kernels
