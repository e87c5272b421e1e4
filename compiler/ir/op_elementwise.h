#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

enum class UnaryKind : std::uint8_t {
  Relu,
  LeakyRelu,
  Sigmoid,
  HardSigmoid,
  HardSwish,
  Tanh,
  Exp,
  Log,
  Sqrt,
  Reciprocal,
  Neg,
  Abs,
  Erf,
  Floor,
  Ceil,
  Round,
  Sign,
  Sin,
  Cos,
  Softplus,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Asinh,
  Acosh,
  Atanh,
  Elu,
  Selu,
  Celu,
  ThresholdedRelu,
  Softsign,
  Mish,
  Gelu,
  Shrink,
  BitwiseNot,
  Not,
  IsNaN,
  IsInf,
};
constexpr std::array kUnaryNames =
    std::to_array<std::string_view>({"Relu",        "LeakyRelu",  "Sigmoid",
                                     "HardSigmoid", "HardSwish",  "Tanh",
                                     "Exp",         "Log",        "Sqrt",
                                     "Reciprocal",  "Neg",        "Abs",
                                     "Erf",         "Floor",      "Ceil",
                                     "Round",       "Sign",       "Sin",
                                     "Cos",         "Softplus",   "Tan",
                                     "Asin",        "Acos",       "Atan",
                                     "Sinh",        "Cosh",       "Asinh",
                                     "Acosh",       "Atanh",      "Elu",
                                     "Selu",        "Celu",       "ThresholdedRelu",
                                     "Softsign",    "Mish",       "Gelu",
                                     "Shrink",      "BitwiseNot", "Not",
                                     "IsNaN",       "IsInf"});

/// True for the kinds whose result is Bool whatever the operand is.
constexpr bool is_predicate(UnaryKind kind) { return kind >= UnaryKind::Not; }

/// y = f(x), element by element.
struct Unary {
  UnaryKind kind = UnaryKind::Relu;
  /// Slope of LeakyRelu and HardSigmoid; alpha of Elu, Selu, Celu and ThresholdedRelu; 1 for the
  /// tanh form of Gelu; bias of Shrink; 1 where IsInf takes +Inf.
  float alpha = 0;
  float beta = 0;  ///< HardSigmoid offset; Selu gamma; Shrink lambd; 1 where IsInf takes -Inf
  static constexpr Arity kInputs{1, 1};
  static constexpr auto fields() {
    return std::tuple(Field{"alpha", &Unary::alpha}, Field{"beta", &Unary::beta});
  }
  bool operator==(const Unary&) const = default;
};

enum class BinaryKind : std::uint8_t {
  Add,
  Sub,
  Mul,
  Div,
  Pow,
  Max,
  Min,
  Mod,
  PRelu,
  BitShift,
  BitwiseAnd,
  BitwiseOr,
  BitwiseXor,
  Equal,
  Greater,
  GreaterOrEqual,
  Less,
  LessOrEqual,
  And,
  Or,
  Xor,
};
constexpr std::array kBinaryNames =
    std::to_array<std::string_view>({"Add",        "Sub",         "Mul",        "Div",
                                     "Pow",        "Max",         "Min",        "Mod",
                                     "PRelu",      "BitShift",    "BitwiseAnd", "BitwiseOr",
                                     "BitwiseXor", "Equal",       "Greater",    "GreaterOrEqual",
                                     "Less",       "LessOrEqual", "And",        "Or",
                                     "Xor"});

/// True for the kinds whose result is Bool whatever the operands are.
constexpr bool is_predicate(BinaryKind kind) { return kind >= BinaryKind::Equal; }
/// True for the kinds of Bool operands.
constexpr bool is_logic(BinaryKind kind) { return kind >= BinaryKind::And; }
/// True for the kinds of integer operands.
constexpr bool is_bitwise(BinaryKind kind) {
  return kind >= BinaryKind::BitShift && kind <= BinaryKind::BitwiseXor;
}

/// y = f(a, b), element by element after broadcasting; a keeps its shape in PRelu (b: slope).
struct Binary {
  BinaryKind kind = BinaryKind::Add;
  bool fmod = false;        ///< Mod: the sign of the dividend, as C; else that of the divisor
  bool shift_left = false;  ///< BitShift
  static constexpr Arity kInputs{2, 2};
  static constexpr auto fields() {
    return std::tuple(Field{"fmod", &Binary::fmod}, Field{"shift_left", &Binary::shift_left});
  }
  bool operator==(const Binary&) const = default;
};

/// y = min(max(x, low), high). Inputs: x, low or none, high or none.
struct Clip {
  static constexpr std::string_view kName = "Clip";
  static constexpr Arity kInputs{1, 3};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Clip&) const = default;
};

/// y = condition ? a : b. Inputs: condition, a, b.
struct Where {
  static constexpr std::string_view kName = "Where";
  static constexpr Arity kInputs{3, 3};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Where&) const = default;
};

/// y = x in another dtype. Casts of the model and casts the compiler inserted alike.
struct Cast {
  static constexpr std::string_view kName = "Cast";
  static constexpr Arity kInputs{1, 1};
  DType to = DType::F32;
  static constexpr auto fields() { return std::tuple(Field{"to", &Cast::to}); }
  bool operator==(const Cast&) const = default;
};

/// y = x in the dtype of the second input, whose content is not read.
struct CastLike {
  static constexpr std::string_view kName = "CastLike";
  static constexpr Arity kInputs{2, 2};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const CastLike&) const = default;
};

/// y = x; also Dropout, which does nothing when a model is used.
struct Identity {
  static constexpr std::string_view kName = "Identity";
  static constexpr Arity kInputs{1, 1};
  static constexpr bool kIsLayout = true;
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Identity&) const = default;
};

}  // namespace keel::ir
