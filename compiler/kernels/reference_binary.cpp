#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include "compiler/base/host_type.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

using ir::Binary;
using ir::BinaryKind;

bool is_float(DType dtype) { return is_tunable_float(dtype) || dtype == DType::F64; }

template <class T>
bool compare(BinaryKind kind, T a, T b) {
  switch (kind) {
    case BinaryKind::Equal:
      return a == b;
    case BinaryKind::Greater:
      return a > b;
    case BinaryKind::GreaterOrEqual:
      return a >= b;
    case BinaryKind::Less:
      return a < b;
    case BinaryKind::LessOrEqual:
      return a <= b;
    case BinaryKind::And:
      return a != 0 && b != 0;
    case BinaryKind::Or:
      return a != 0 || b != 0;
    case BinaryKind::Xor:
      return (a != 0) != (b != 0);
    case BinaryKind::Add:
    case BinaryKind::Sub:
    case BinaryKind::Mul:
    case BinaryKind::Div:
    case BinaryKind::Pow:
    case BinaryKind::Max:
    case BinaryKind::Min:
    case BinaryKind::Mod:
    case BinaryKind::PRelu:
    case BinaryKind::BitShift:
    case BinaryKind::BitwiseAnd:
    case BinaryKind::BitwiseOr:
    case BinaryKind::BitwiseXor:
      break;
  }
  KEEL_CHECK(false && "not a predicate");
}

template <std::floating_point T>
T modulo(bool fmod, T a, T b) {
  const T rest = std::fmod(a, b);
  return fmod || rest == 0 || (rest < 0) == (b < 0) ? rest : rest + b;
}

template <std::floating_point T>
T compute(const Binary& op, T a, T b) {
  const BinaryKind kind = op.kind;
  if (kind == BinaryKind::Mod) return modulo(op.fmod, a, b);
  if (kind == BinaryKind::PRelu) return a < 0 ? a * b : a;
  if (kind == BinaryKind::Add) return a + b;
  if (kind == BinaryKind::Sub) return a - b;
  if (kind == BinaryKind::Mul) return a * b;
  if (kind == BinaryKind::Div) return a / b;
  if (kind == BinaryKind::Pow)
    return static_cast<T>(std::pow(static_cast<double>(a), static_cast<double>(b)));
  if (kind == BinaryKind::Max) return a > b || std::isnan(a) ? a : b;
  return a < b || std::isnan(a) ? a : b;
}

// Wide enough that no operand is promoted to a signed type, in which overflow is undefined.
template <std::integral T>
using Wrapping = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

template <std::integral T>
T power(T base, T exponent) {
  if (exponent < T{0}) {
    if (base == T{1}) return 1;
    if (static_cast<T>(base + 1) == T{0}) return exponent % 2 ? base : T{1};
    return 0;
  }
  Wrapping<T> result = 1;
  auto square = static_cast<Wrapping<T>>(base);
  for (auto left = static_cast<std::make_unsigned_t<T>>(exponent); left != 0;
       left = static_cast<std::make_unsigned_t<T>>(left >> 1)) {
    if (left & 1) result *= square;
    square *= square;
  }
  return static_cast<T>(result);
}

// Truncates. The one quotient out of range, lowest / -1, wraps to itself.
template <std::integral T>
T divide(T a, T b) {
  if constexpr (std::signed_integral<T>)
    if (b == T{-1}) return static_cast<T>(Wrapping<T>{0} - static_cast<Wrapping<T>>(a));
  return static_cast<T>(a / b);
}

template <std::integral T>
T modulo(bool fmod, T a, T b) {
  if constexpr (std::signed_integral<T>)
    if (b == T{-1}) return 0;
  const auto rest = static_cast<T>(a % b);
  return fmod || rest == T{0} || (rest < T{0}) == (b < T{0}) ? rest : static_cast<T>(rest + b);
}

// A shift by the width or more leaves nothing, as ONNX Runtime gives; C++ leaves it undefined.
template <std::integral T>
T shift(bool left, T a, T b) {
  using U = std::make_unsigned_t<T>;
  if (static_cast<U>(b) >= 8 * sizeof(T)) return 0;
  const auto bits = static_cast<Wrapping<T>>(static_cast<U>(a));
  return static_cast<T>(left ? bits << b : bits >> b);
}

template <std::integral T>
T compute(const Binary& op, T a, T b) {
  const BinaryKind kind = op.kind;
  if (kind == BinaryKind::Mod) return modulo(op.fmod, a, b);
  if (kind == BinaryKind::BitShift) return shift(op.shift_left, a, b);
  if (kind == BinaryKind::BitwiseAnd) return static_cast<T>(a & b);
  if (kind == BinaryKind::BitwiseOr) return static_cast<T>(a | b);
  if (kind == BinaryKind::BitwiseXor) return static_cast<T>(a ^ b);
  const auto wide_a = static_cast<Wrapping<T>>(a);
  const auto wide_b = static_cast<Wrapping<T>>(b);
  if (kind == BinaryKind::Add) return static_cast<T>(wide_a + wide_b);
  if (kind == BinaryKind::Sub) return static_cast<T>(wide_a - wide_b);
  if (kind == BinaryKind::Mul) return static_cast<T>(wide_a * wide_b);
  if (kind == BinaryKind::Div) return divide(a, b);
  if (kind == BinaryKind::Pow) return power(a, b);
  if (kind == BinaryKind::PRelu) return a < T{0} ? static_cast<T>(wide_a * wide_b) : a;
  if (kind == BinaryKind::Max) return a > b ? a : b;
  return a < b ? a : b;
}

template <class T, class Out, class Apply>
Tensor map(const Tensor& a, const Tensor& b, const TensorType& type, Apply apply) {
  Tensor result(type.dtype, type.shape);
  const std::span<const T> a_values = a.as<T>();
  const std::span<const T> b_values = b.as<T>();
  const Shape a_strides = broadcast_strides(a.shape(), type.shape);
  const Shape b_strides = broadcast_strides(b.shape(), type.shape);
  auto out = result.fill<Out>().begin();
  for_each_index(type.shape, [&](const Shape& index) {
    *out++ = static_cast<Out>(
        apply(a_values[offset_of(index, a_strides)], b_values[offset_of(index, b_strides)]));
  });
  return result;
}

bool supports(const Call& call) {
  const auto* op = std::get_if<Binary>(&call.op);
  if (!op) return false;
  const DType a = call.inputs[0]->dtype();
  const DType b = call.inputs[1]->dtype();
  if (a == DType::Bool || b == DType::Bool)
    return a == b && (ir::is_logic(op->kind) || op->kind == BinaryKind::Equal);
  if (ir::is_logic(op->kind)) return false;
  if (ir::is_bitwise(op->kind)) return a == b && !is_float(a);
  if (op->kind == BinaryKind::Pow) return true;  // ONNX lets the exponent have a dtype of its own
  return a == b || (is_tunable_float(a) && is_tunable_float(b));
}

Result<Tensors> run(const Call& call) {
  const auto& op = std::get<Binary>(call.op);
  const BinaryKind kind = op.kind;
  const Tensor& a = *call.inputs[0];
  const Tensor b = kind == BinaryKind::Pow ? cast(*call.inputs[1], a.dtype()) : *call.inputs[1];
  if ((kind == BinaryKind::Div || kind == BinaryKind::Mod) && !is_float(b.dtype())) {
    const Tensor nonzero = cast(b, DType::Bool);
    for (const std::uint8_t is_nonzero : nonzero.as<std::uint8_t>())
      if (!is_nonzero)
        return Error{ErrorCode::InvalidModel, "integer " + std::string(ir::name(call.op)) + " by 0",
                     "", "divide floats, or keep 0 out of the divisor"};
  }
  return with_host_type(a.dtype(), [&](auto element) {
    using T = decltype(element);
    const TensorType type{raw_dtype(call.outputs[0].dtype), call.outputs[0].shape};
    if (ir::is_predicate(kind))
      return Tensors{
          map<T, std::uint8_t>(a, b, type, [&](T x, T y) { return compare<T>(kind, x, y); })};
    return Tensors{map<T, T>(a, b, type, [&](T x, T y) { return compute<T>(op, x, y); })};
  });
}

}  // namespace

const Kernel kReferenceBinary{"reference-binary", supports, run};

}  // namespace keel::kernels
