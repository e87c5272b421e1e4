#include <cmath>
#include <limits>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/row_map.h"

namespace keel::kernels {
namespace {

using ir::BinaryKind;

// The exponents that need no pow().
constexpr float kSquare = 2.0f;
constexpr float kCube = 3.0f;
constexpr float kSquareRoot = 0.5f;

bool supports(const Call& call) {
  const auto* op = std::get_if<ir::Binary>(&call.op);
  return op && op->kind != BinaryKind::Mod && takes_floats(call);
}

bool is_one(const Tensor& tensor, float value) {
  return tensor.size() == 1 && tensor.as<float>()[0] == value;
}

// The product of three floats is off by one rounding of a double before it becomes a float.
float cube(float x) {
  const auto wide = static_cast<double>(x);
  return static_cast<float>(wide * wide * wide);
}

// As std::pow: no negative zero, and the root of -Inf is Inf.
float power_half(float x) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const float root = std::sqrt(x + 0.0f);
  return x == -kInf ? kInf : root;
}

Result<Tensors> run(const Call& call) {
  const auto arithmetic = [&](auto f) {
    return Tensors{map_rows<float, float>(call, DType::F32, f)};
  };
  const auto predicate = [&](auto f) {
    return Tensors{map_rows<float, std::uint8_t>(
        call, DType::Bool, [=](float a, float b) -> std::uint8_t { return f(a, b) ? 1 : 0; })};
  };
  switch (std::get<ir::Binary>(call.op).kind) {
    case BinaryKind::Add:
      return arithmetic([](float a, float b) { return a + b; });
    case BinaryKind::Sub:
      return arithmetic([](float a, float b) { return a - b; });
    case BinaryKind::Mul:
      return arithmetic([](float a, float b) { return a * b; });
    case BinaryKind::Div:
      return arithmetic([](float a, float b) { return a / b; });
    case BinaryKind::Max:
      return arithmetic([](float a, float b) { return ((a > b) | (a != a)) ? a : b; });
    case BinaryKind::Min:
      return arithmetic([](float a, float b) { return ((a < b) | (a != a)) ? a : b; });
    case BinaryKind::Pow:
      if (is_one(*call.inputs[1], kSquare)) return arithmetic([](float a, float) { return a * a; });
      if (is_one(*call.inputs[1], kCube)) return arithmetic([](float a, float) { return cube(a); });
      if (is_one(*call.inputs[1], kSquareRoot))
        return arithmetic([](float a, float) { return power_half(a); });
      return arithmetic([](float a, float b) {
        return static_cast<float>(std::pow(static_cast<double>(a), static_cast<double>(b)));
      });
    case BinaryKind::Equal:
      return predicate([](float a, float b) { return a == b; });
    case BinaryKind::Greater:
      return predicate([](float a, float b) { return a > b; });
    case BinaryKind::GreaterOrEqual:
      return predicate([](float a, float b) { return a >= b; });
    case BinaryKind::Less:
      return predicate([](float a, float b) { return a < b; });
    case BinaryKind::LessOrEqual:
      return predicate([](float a, float b) { return a <= b; });
    case BinaryKind::PRelu:
      return arithmetic([](float a, float b) { return a < 0 ? a * b : a; });
    case BinaryKind::Mod:
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

}  // namespace

const Kernel kVectorBinary{"vector-binary", supports, run};

}  // namespace keel::kernels
