#pragma once

#include "compiler/ir/op_field.h"

namespace keel::ir {

/// y = a x b over the last two axes, the leading ones broadcast; numpy's rules for rank 1.
/// A third input is a bias of the last axis, added before the result is rounded.
struct MatMul {
  static constexpr std::string_view kName = "MatMul";
  static constexpr Arity kInputs{2, 3};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const MatMul&) const = default;
};

/// y = alpha op(a) x op(b) + beta c. Inputs: a, b, c or none.
struct Gemm {
  static constexpr std::string_view kName = "Gemm";
  static constexpr Arity kInputs{2, 3};
  float alpha = 1, beta = 1;
  bool trans_a = false, trans_b = false;
  static constexpr auto fields() {
    return std::tuple(Field{"alpha", &Gemm::alpha}, Field{"beta", &Gemm::beta},
                      Field{"trans_a", &Gemm::trans_a}, Field{"trans_b", &Gemm::trans_b});
  }
  bool operator==(const Gemm&) const = default;
};

/// A sum of products named by letters, "bij,bjk->bik"; without spaces. Any number of inputs.
struct Einsum {
  static constexpr std::string_view kName = "Einsum";
  static constexpr Arity kInputs{1, kAnyNumber};
  std::string equation;
  static constexpr auto fields() { return std::tuple(Field{"equation", &Einsum::equation}); }
  bool operator==(const Einsum&) const = default;
};

/// The determinant of each matrix in the last two axes.
struct Det {
  static constexpr std::string_view kName = "Det";
  static constexpr Arity kInputs{1, 1};
  static constexpr auto fields() { return std::tuple(); }
  bool operator==(const Det&) const = default;
};

}  // namespace keel::ir
