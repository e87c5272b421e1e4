#include <type_traits>

#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/row_map.h"

// Elementwise operators of integers, which one-hot codes and masks are made with.

namespace keel::kernels {
namespace {

using ir::BinaryKind;

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Binary>(&call.op);
  if (!op || op->kind == BinaryKind::Div || op->kind == BinaryKind::Pow ||
      op->kind == BinaryKind::Mod || op->kind == BinaryKind::PRelu || ir::is_bitwise(op->kind) ||
      ir::is_logic(op->kind))
    return false;
  const DType dtype = call.inputs[0]->dtype();
  return dtype == call.inputs[1]->dtype() && (dtype == DType::I64 || dtype == DType::I32);
}

// Sums and products wrap, which only unsigned types may.
template <class T, class F>
Tensor wrapping(const Call& call, DType dtype, F f) {
  using U = std::make_unsigned_t<T>;
  return map_rows<T, T>(call, dtype, [=](T a, T b) {
    return static_cast<T>(f(static_cast<U>(a), static_cast<U>(b)));
  });
}

template <class T, class F>
Tensor predicate(const Call& call, F f) {
  return map_rows<T, std::uint8_t>(call, DType::Bool,
                                   [=](T a, T b) -> std::uint8_t { return f(a, b) ? 1 : 0; });
}

template <class T>
Tensor compute(const Call& call, BinaryKind kind, DType dtype) {
  switch (kind) {
    case BinaryKind::Add:
      return wrapping<T>(call, dtype, [](auto a, auto b) { return a + b; });
    case BinaryKind::Sub:
      return wrapping<T>(call, dtype, [](auto a, auto b) { return a - b; });
    case BinaryKind::Mul:
      return wrapping<T>(call, dtype, [](auto a, auto b) { return a * b; });
    case BinaryKind::Max:
      return map_rows<T, T>(call, dtype, [](T a, T b) { return a > b ? a : b; });
    case BinaryKind::Min:
      return map_rows<T, T>(call, dtype, [](T a, T b) { return a < b ? a : b; });
    case BinaryKind::Equal:
      return predicate<T>(call, [](T a, T b) { return a == b; });
    case BinaryKind::Greater:
      return predicate<T>(call, [](T a, T b) { return a > b; });
    case BinaryKind::GreaterOrEqual:
      return predicate<T>(call, [](T a, T b) { return a >= b; });
    case BinaryKind::Less:
      return predicate<T>(call, [](T a, T b) { return a < b; });
    case BinaryKind::LessOrEqual:
      return predicate<T>(call, [](T a, T b) { return a <= b; });
    case BinaryKind::Div:
    case BinaryKind::Pow:
    case BinaryKind::Mod:
    case BinaryKind::PRelu:
    case BinaryKind::BitShift:
    case BinaryKind::BitwiseAnd:
    case BinaryKind::BitwiseOr:
    case BinaryKind::BitwiseXor:
    case BinaryKind::And:
    case BinaryKind::Or:
    case BinaryKind::Xor:
      break;
  }
  KEEL_CHECK(false && "supports() refuses these");
}

Result<Tensors> run(const Call& call) {
  const BinaryKind kind = std::get<ir::Binary>(call.op).kind;
  const DType dtype = call.inputs[0]->dtype();
  return Tensors{dtype == DType::I64 ? compute<std::int64_t>(call, kind, dtype)
                                     : compute<std::int32_t>(call, kind, dtype)};
}

}  // namespace

const Kernel kVectorInteger{"vector-integer", supports, run};

}  // namespace keel::kernels
